"""Where this checkout's compiled code lies, for copies of it that need not compile the same once more."""

from __future__ import annotations

import os
from pathlib import Path

import descentscape

KERNEL = Path(descentscape.__file__).parent / "core" / "network" / "kernel"
PLACE = {"NUMBA_CACHE_DIR": os.environ.get("NUMBA_CACHE_DIR") or str(KERNEL / "__pycache__")}
