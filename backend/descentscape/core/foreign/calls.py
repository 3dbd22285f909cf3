"""How a model that is shown to others is called: one call at a time, timed, its errors told."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import shorten
from threading import Lock
from time import perf_counter
from typing import Any, ParamSpec, TypeVar

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.functions import Functions, Height, Over
from descentscape.core.objective import Array

P = ParamSpec("P")
T = TypeVar("T")

LONGEST_MESSAGE = 200

FORGOTTEN = 0.9
"""What share of a long call is still expected after a shorter one."""


class Calls:
    """Calls of a model: one at a time, since nobody says that it can do two at once, and how long they take.

    ``seconds`` is how long the longest of the latest took, 0 before there was one. What a call raises becomes
    an `InvalidValue`, which whoever looks on from elsewhere is told.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.seconds = 0.0

    def through(self, work: Callable[P, T] | None) -> Callable[P, T] | None:
        """The same function, called so; of None it is None."""
        if work is None:
            return None

        def call(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._lock:
                began = perf_counter()
                try:
                    return work(*args, **kwargs)
                except InvalidValue:
                    raise
                except Exception as error:
                    raise InvalidValue("cost", f"known there, but the model raised {_said(error)}") from error
                finally:
                    self.seconds = max(perf_counter() - began, FORGOTTEN * self.seconds)

        return call


def _said(error: Exception) -> str:
    """An error as Python names it, its message on one line and of a bounded length."""
    message = shorten(str(error), LONGEST_MESSAGE, placeholder="…")
    return f"{type(error).__name__}: {message}" if message else type(error).__name__


def guarded_by(calls: Calls, functions: Functions) -> Functions:
    """The same functions, each called so."""
    through: Any = calls.through
    return Functions(
        value=through(functions.value),
        gradient=through(functions.gradient),
        hvp=through(functions.hvp),
        precision=functions.precision,
        values=through(functions.values),
        both=through(functions.both),
        over=_over(calls, functions.over),
        traced=through(functions.traced),
    )


def _over(calls: Calls, over: Over | None) -> Over | None:
    if over is None:
        return None

    def guarded(origin: Array, basis: Array) -> Height:
        height: Any = calls.through(over(origin, basis))
        return height  # type: ignore[no-any-return]

    return guarded
