"""What a shell has set for the service reaches no test, and no process that a test starts."""

from __future__ import annotations

import gc
import os

import pytest

from descentscape.compute.blas_threads import single_threaded_blas
from descentscape.core.descent.ahead import compile_ahead
from fuzzing import register_profiles

register_profiles()

for name in list(os.environ):
    meant_for_a_service = name.startswith("DESCENTSCAPE_") and name != "DESCENTSCAPE_CHROMIUM"
    if meant_for_a_service or name in {"HOST", "NO_BROWSER", "PORT"}:
        del os.environ[name]


def pytest_sessionstart(session: pytest.Session) -> None:
    """No test's last bits depend on whether the compiled passes were ready; who only distributes has none."""
    if session.config.getoption("dist", "no") == "no":
        compile_ahead()


def pytest_collection_finish() -> None:
    """Nor on how many processors there are; and what all tests have in common is looked through no more."""
    single_threaded_blas()
    gc.collect()
    gc.freeze()
