"""What cells of text say: nothing, numbers in the ways that people write them, or dates."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from datetime import date

import numpy as np

from descentscape.core.objective import Array

MISSING = frozenset(
    (
        *(
            "",
            "na",
            "n/a",
            "<na>",
            "nan",
            "nat",
            "null",
            "none",
            "nil",
            "missing",
            "?",
            "-",
            "–",
            "—",
            ".",
            "#n/a",
        ),
        *("#value!", "#div/0!", "#ref!", "#name?", "#num!", "#null!"),
    )
)
"""Cells that stand for no value, in lower case."""

LARGEST_CELL = 1e15
"""Size of a number: far below overflow in a sum of squares."""

LONGEST_NUMBER = 64
"""Characters of a number that is written with signs that divide."""

_TIDY = str.maketrans({"−": "-", "\u00a0": None, "\u202f": None, "'": None, "’": None, "%": None})
_THOUSANDS = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3})+|\d+)(?:\.\d*)?(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d*)(?:,\d*)?(?:[eE][+-]?\d+)?")

_TIME = r"(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?: ?(?:Z|UTC|[+-]\d{2}:?\d{2}))?)?"
_YEAR_FIRST = re.compile(r"(\d{4})([-/.])(\d{1,2})\2(\d{1,2})" + _TIME, re.ASCII)
_YEAR_LAST = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4})" + _TIME, re.ASCII)
EPOCH = date(1970, 1, 1).toordinal()
DAY_SECONDS = 86_400


def is_missing(cell: str) -> bool:
    """Whether a cell holds no value."""
    return len(cell) < 16 and cell.strip().lower() in MISSING


def numbers(cells: Sequence[str], decimal_commas: bool = False) -> tuple[list[float], str] | None:
    """The finite numbers that all cells are, and how they were read if not as plain ones; else None.

    1,234.5 has thousands where every comma of the column can divide them, 1.234,5 and 0,5 have a decimal
    comma, and so has 1,234 where others beside it have (``decimal_commas``); spaces that do not break,
    apostrophes and a percent sign are left out.
    """
    with_commas = [
        (_with_thousands, "commas are read as dividing thousands"),
        (_with_decimal_comma, "commas are read as decimal points"),
    ]
    for read, words in ((_plain, ""), *(reversed(with_commas) if decimal_commas else with_commas)):
        found = _all(read, cells)
        if found is not None:
            return found, words
    return None


def only_decimal_commas(cells: Sequence[str]) -> bool:
    """Whether the cells are numbers whose commas cannot divide thousands."""
    if not any("," in cell for cell in cells):
        return False
    present = [cell for cell in cells if not is_missing(cell)]
    return _all(_with_decimal_comma, present) is not None and _all(_with_thousands, present) is None


def plain_numbers(cells: Sequence[str]) -> Array | None:
    """What `numbers` finds where none is missing and all are plain, in a twentieth of its time; else None."""
    try:
        found = np.array(list(map(float, cells)))
    except ValueError:
        return None
    plain = bool(np.all(np.abs(found) <= LARGEST_CELL)) and not any("_" in cell for cell in cells)
    return found if plain else None


def count_numbers(cells: Sequence[str]) -> int:
    """How many of the cells are numbers in any of the ways."""
    return sum(any(read(cell) is not None for read in (_plain, _with_decimal_comma)) for cell in cells)


def _all(read: Callable[[str], float | None], cells: Sequence[str]) -> list[float] | None:
    found: list[float] = []
    for cell in cells:
        value = read(cell)
        if value is None:
            return None
        found.append(value)
    return found


def _plain(cell: str) -> float | None:
    try:
        value = float(cell)
    except ValueError:
        tidy = _tidied(cell)
        return None if tidy == cell or tidy is None else _plain(tidy)
    return value if abs(value) <= LARGEST_CELL and "_" not in cell else None


def _with_thousands(cell: str) -> float | None:
    tidy = _tidied(cell)
    return _bounded(tidy.replace(",", "")) if tidy and _THOUSANDS.fullmatch(tidy) else None


def _with_decimal_comma(cell: str) -> float | None:
    tidy = _tidied(cell)
    return _bounded(tidy.replace(".", "").replace(",", ".")) if tidy and _COMMA.fullmatch(tidy) else None


def _tidied(cell: str) -> str | None:
    """Without signs that only divide; None where it is longer than anybody writes a number."""
    return cell.strip().translate(_TIDY) if len(cell) <= LONGEST_NUMBER else None


def _bounded(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= LARGEST_CELL else None


def dates(cells: Sequence[str]) -> tuple[list[float], str] | None:
    """The days since 1 January 1970 that all cells are dates of, and how they were read; else None.

    Of 3/4/2024 the first is the day, unless a later number of the column is over 12; parts of a day are of
    the clock as it stands there, whatever its zone.
    """
    for pattern, order, words in (
        (_YEAR_FIRST, (0, 2, 3), "as year, month, day"),
        (_YEAR_LAST, (3, 2, 0), "as day, month, year"),
        (_YEAR_LAST, (3, 0, 2), "as month, day, year"),
    ):
        found = _all(lambda cell, p=pattern, o=order: _day(p, o, cell), cells)  # type: ignore[misc]
        if found is not None:
            return found, words
    return None


def _day(pattern: re.Pattern[str], order: tuple[int, int, int], cell: str) -> float | None:
    matched = pattern.fullmatch(cell.strip()) if len(cell) < 48 else None
    if matched is None:
        return None
    parts = matched.groups()
    try:
        day = date(*(int(parts[place]) for place in order)).toordinal() - EPOCH
    except ValueError:
        return None
    hours, minutes, seconds = (int(part or 0) for part in parts[4:7])
    return day + (3600 * hours + 60 * minutes + seconds) / DAY_SECONDS
