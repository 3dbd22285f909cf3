"""What a shell has set for the service reaches no test, and no process that a test starts."""

from __future__ import annotations

import os

for name in list(os.environ):
    meant_for_a_service = name.startswith("DESCENTSCAPE_") and name != "DESCENTSCAPE_CHROMIUM"
    if meant_for_a_service or name in {"HOST", "NO_BROWSER", "PORT"}:
        del os.environ[name]
