"""The points of a plane as vectors of PyTorch, made in its own numbers and on its own device."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np

from descentscape.core.objective import Array


def torch_points(
    origin: Array, basis: Array, dtype: Any, device: Any, out: Any = None
) -> Callable[[float, float], Any]:
    """The function (a, b) ↦ origin + a basis₁ + b basis₂, as a tensor of ``dtype``.

    Each is a new tensor, or ``out`` filled in: one pass over the parameters, and another where b is another
    than before. Halves are added up in float32.
    """
    torch: Any = sys.modules["torch"]
    wide = torch.promote_types(dtype, torch.float32)
    start, first, second = (torch.tensor(part, dtype=wide, device=device) for part in (origin, *basis))
    begin, row = torch.empty_like(start), np.nan

    def point(a: float, b: float) -> Any:
        nonlocal row
        if b != row:
            torch.add(start, second, alpha=b, out=begin)
            row = b
        if out is None:
            return torch.add(begin, first, alpha=a).to(dtype)
        return torch.add(begin, first, alpha=a, out=out)

    return point
