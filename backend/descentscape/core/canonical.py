"""The one JSON text of a value, by which it is known: its hash is the same wherever it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

PART = 256
"""Entries of a list that are written at once, of rows of numbers some milliseconds'."""


def canonical(value: Any) -> Iterator[str]:
    """The one JSON text of a value, keys in order and without spaces; long lists in parts.

    Nothing else runs while a part is made.
    """
    if isinstance(value, dict):
        yield "{"
        for number, key in enumerate(sorted(value)):
            yield f"{',' * (number > 0)}{_dumped(key)}:"
            yield from canonical(value[key])
        yield "}"
    elif isinstance(value, list) and len(value) > PART:
        yield "["
        for first in range(0, len(value), PART):
            yield "," * (first > 0) + _dumped(value[first : first + PART])[1:-1]
        yield "]"
    else:
        yield _dumped(value)


_dumped = json.JSONEncoder(sort_keys=True, separators=(",", ":"), allow_nan=False).encode
