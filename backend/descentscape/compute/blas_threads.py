"""One thread for matrix products: on arrays as small as these, more of them only wait for each other."""

from __future__ import annotations

from functools import cache

from threadpoolctl import ThreadpoolController  # type: ignore[import-untyped]


@cache
def single_threaded_blas() -> None:
    """Set the linear algebra library to one thread, for the whole process and for good.

    Results then do not depend on the number of cores either.
    """
    ThreadpoolController().limit(limits=1, user_api="blas")
