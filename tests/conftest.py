"""What a shell has set for the service reaches no test, and no process that a test starts."""

from __future__ import annotations

import os

from descentscape.core.descent.ahead import compile_ahead
from fuzzing import register_profiles

register_profiles()

for name in list(os.environ):
    meant_for_a_service = name.startswith("DESCENTSCAPE_") and name != "DESCENTSCAPE_CHROMIUM"
    if meant_for_a_service or name in {"HOST", "NO_BROWSER", "PORT"}:
        del os.environ[name]


def pytest_sessionstart() -> None:
    """No test's last bits depend on whether the compiled passes were ready."""
    compile_ahead()
