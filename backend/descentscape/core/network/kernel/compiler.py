"""How functions are compiled: by Numba, once for each precision, and kept on the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar, cast

from numba import cfunc, njit, typeof
from numba.core import cgutils
from numba.extending import intrinsic, overload

from descentscape.core import special
from descentscape.core.network.kernel.cache import kept_by_sources

Function = TypeVar("Function", bound=Callable[..., Any])

# Sums in any order and fused products, but no assumption that numbers are finite.
_FAST: dict[str, Any] = {"error_model": "numpy", "fastmath": {"reassoc", "contract"}}

EXACT: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract"}, "forceinline": True}
"""The options of functions that rely on the order in which they round."""

PLAIN: dict[str, Any] = {"error_model": "numpy"}
"""The options of functions whose numbers are NumPy's, bit for bit."""

# Numba's own types know nothing of what these make of a function.
instruction = cast("Callable[[Callable[..., Any]], Callable[..., Any]]", intrinsic)
literal_instruction = cast(
    "Callable[[Callable[..., Any]], Callable[..., Any]]", intrinsic(prefer_literal=True)
)
overloads = cast("Callable[..., Callable[[Function], Function]]", overload)
building = cast("Any", cgutils)
type_of = cast("Callable[[Any], Any]", typeof)

KERNEL = [*Path(__file__).parent.glob("*.py"), Path(special.__file__)]
"""The sources of the kernel."""


def compiled(function: Function) -> Function:
    """The function, compiled when it is first called; it lets go of the interpreter meanwhile."""
    with kept_by_sources(function, KERNEL):
        return cast("Function", njit(nogil=True, cache=True, **_FAST)(function))


def part_of_others(function: Function) -> Function:
    """The function as a part of compiled ones that call it: it can be called from nowhere else."""
    options: dict[str, Any] = {"nogil": True, "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    return cast("Function", njit(**options, **_FAST)(function))


def part_of_one(function: Function) -> Function:
    """The function written out where it is called, at one place."""
    return cast("Function", njit(inline="always", **_FAST)(function))


def compiled_plainly(function: Function, made_from: Iterable[Path] = ()) -> Function:
    """The function compiled as `compiled` does, but no sum is reordered and no product fused.

    ``made_from`` are the sources, beside the kernel's own, of what it calls.
    """
    with kept_by_sources(function, [*KERNEL, *made_from]):
        return cast("Function", njit(nogil=True, cache=True, **PLAIN)(function))


def pointer(
    signature: Any, function: Callable[..., Any], made_from: Iterable[Path] = (), **options: Any
) -> Any:
    """The function, compiled now, as a value that compiled code can be handed and call.

    Whoever calls it runs the same machine code: inlined into its callers, a sum might be reordered otherwise.
    """
    with kept_by_sources(function, [*KERNEL, *made_from]):
        made: Any = cfunc(signature, cache=True, **(options or _FAST))(function)
    # Without it Numba works the type out at every call: 8 µs.
    made._numba_type_ = type_of(made)
    return made
