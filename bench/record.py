"""What was measured, kept a file a row, so that rows can be measured one at a time and reported together."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import machine
from bench.figures import Figure, Goal
from bench.growth import Curve
from bench.parity import Agreement

GROWTH, PARITY = "growth", "parity"


@dataclass(frozen=True)
class Record:
    """One row as it was measured: when, on what, and beside which other load."""

    name: str
    date: str
    machine: dict[str, str]
    load: float
    seconds: float
    figures: tuple[Figure, ...] = ()
    curves: tuple[Curve, ...] = ()
    agreements: tuple[Agreement, ...] = ()


def record(name: str, load: float, seconds: float, **found: Any) -> Record:
    """What was found just now."""
    date = datetime.now(UTC).strftime("%Y-%m-%d")
    return Record(name, date, machine.described(), load, seconds, **found)


def keep(folder: Path, found: Record) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{found.name}.json").write_text(json.dumps(asdict(found), indent=1))


def kept(folder: Path) -> dict[str, Record]:
    """Every row that was measured, by its name."""
    return {path.stem: _read(json.loads(path.read_text())) for path in sorted(folder.glob("*.json"))}


def _read(found: dict[str, Any]) -> Record:
    return Record(
        **found
        | {
            "figures": tuple(_figure(each) for each in found["figures"]),
            "curves": tuple(
                Curve(**each | {"sizes": tuple(each["sizes"]), "seconds": tuple(each["seconds"])})
                for each in found["curves"]
            ),
            "agreements": tuple(Agreement(**each) for each in found["agreements"]),
        }
    )


def _figure(each: dict[str, Any]) -> Figure:
    goal = each["goal"] and Goal(**each["goal"])
    return Figure(**each | {"goal": goal, "values": tuple(each["values"])})
