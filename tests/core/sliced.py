"""Work in time slices, for tests that want what it finds."""

from __future__ import annotations

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from descentscape.core.time_slices import TimeSlices, run_to_completion

P = ParamSpec("P")
T = TypeVar("T")


def whole(work: Callable[P, TimeSlices[T]]) -> Callable[P, T]:
    """The function that runs all slices of some work, one after another."""
    return lambda *args, **kwargs: run_to_completion(work(*args, **kwargs))
