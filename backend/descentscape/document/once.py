"""What follows from a part of a document, found once while that lives: no part is ever changed."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from functools import wraps
from typing import TypeVar, TypeVarTuple

from descentscape.document.schema import Model

M = TypeVar("M", bound=Model)
T = TypeVar("T")
Ts = TypeVarTuple("Ts")


def once(find: Callable[[M, *Ts], T]) -> Callable[[M, *Ts], T]:
    """Find it once for each part of a document, known by the object, and for each of further arguments."""
    found: dict[tuple[int, *Ts], T] = {}

    @wraps(find)
    def known(part: M, *args: *Ts) -> T:
        key = id(part), *args
        if key not in found:
            found[key] = find(part, *args)
            weakref.finalize(part, found.pop, key, None)
        return found[key]

    return known
