"""The bench, without those that it compares with: its table, its arithmetic, its client."""

from __future__ import annotations

import asyncio
import importlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from bench import client, figures, record, report, rows, timing
from bench.figures import OURS, Figure, Goal
from bench.growth import Curve

ROOT = Path(__file__).parents[1]
PEERS = {"torch_peer", "jax_peer"}
TABLE = {
    "run",
    "race",
    "starts",
    "surface",
    "foreign",
    "opening",
    "curvature",
    "stream",
    "class",
    "hostile",
    "endurance",
    "prices",
    "setup",
}


@pytest.mark.parametrize("name", sorted({path.stem for path in (ROOT / "bench").glob("*.py")} - PEERS))
def test_only_measuring_needs_the_peers(name: str) -> None:
    importlib.import_module("bench" if name == "__init__" else f"bench.{name}")


def test_every_piece_of_work_that_speed_is_promised_for_has_a_row() -> None:
    names = [row.name for row in rows.ROWS]
    assert set(names) == TABLE
    assert len(names) == len(TABLE)


def test_a_contestant_is_held_against_our_median() -> None:
    times = {OURS: (1e-6, 2e-6, 9e-6), "peer": (3e-6, 5e-6, 4e-6)}
    ours, peer = figures.compared("work", times, "µs a step", {"peer": 2.5})
    assert ours.median == 2.0
    assert peer.ratio == 2.0
    assert peer.met is False


@pytest.mark.parametrize(
    ("goal", "value", "met"),
    [
        (Goal("most", 5), 4.9, True),
        (Goal("most", 5), 5.1, False),
        (Goal("least", 5), 5.1, True),
        (None, 1, None),
    ],
)
def test_a_figure_of_ours_alone_has_a_bound(goal: Goal | None, value: float, met: bool | None) -> None:
    assert Figure("work", OURS, (value,), "ms", goal).met is met


def test_the_exponent_is_that_of_the_larger_half() -> None:
    sizes = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0)
    curve = Curve("run", "examples", sizes, (9.0, 9.0, 9.0, 3 * 64.0, 3 * 256.0, 3 * 1024.0), 2)
    assert curve.exponent == pytest.approx(2)
    assert curve.met
    assert not replace(curve, demanded=1).met


def test_every_case_is_called_alike_in_every_round() -> None:
    called: list[str] = []
    cases = {name: timing.Case(lambda name=name: called.append(name), units=2) for name in "ab"}
    times = timing.interleaved(cases, timing.QUICK)
    assert called == ["a", "a", "b", "b", *"ab" * timing.QUICK.rounds]
    assert {name: len(values) for name, values in times.items()} == {"a": 3, "b": 3}


def test_what_was_measured_is_reported_from_the_disk(tmp_path: Path) -> None:
    found = (Figure("gd", "JAX", (1.0, 3.0, 2.0), "ms", Goal("times", 5.0), 1.5),)
    kept = record.record("run", 0.1, 2.0, figures=found)
    record.keep(tmp_path, kept)
    assert record.kept(tmp_path) == {"run": kept}
    text = report.write(tmp_path, record.kept(tmp_path)).read_text()
    assert "| gd | JAX | 2 (1 to 3) ms | 1.50 | x 5 | **missed** |" in text
    assert "OPENBLAS_CORETYPE" in text


@pytest.mark.parametrize(("ratio", "said"), [(1.5, True), (5.5, False)])
def test_what_stands_in_the_way_is_said_of_goals_that_are_missed(
    tmp_path: Path, ratio: float, said: bool
) -> None:
    found = (Figure("gd", "JAX", (1.0,), "ms", Goal("times", 5.0), ratio),)
    text = report.write(tmp_path, {"run": record.record("run", 0.1, 2.0, figures=found)}).read_text()
    assert ("What stands in the way: " in text) is said


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written = b""

    def write(self, data: bytes) -> None:
        self.written += data

    def is_closing(self) -> bool:
        return False


@pytest.mark.parametrize("piece", [1, 7, 100_000])
def test_messages_are_whole_however_they_arrive(piece: int) -> None:
    bodies = [b"x" * size for size in (0, 125, 126, 65_535, 65_536)]
    heads = [
        b"\x82\x00",
        b"\x82\x7d",
        b"\x82\x7e\x00\x7e",
        b"\x82\x7e\xff\xff",
        b"\x82\x7f" + (65_536).to_bytes(8, "big"),
    ]
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"
    sent = answer + b"".join(head + body for head, body in zip(heads, bodies, strict=True)) + b"\x89\x02hi"
    heard: list[tuple[int, bytes]] = []
    wire: Any = Wire()

    async def converse() -> None:
        talking = client.Client("host", lambda _, opcode, body: heard.append((opcode, body)))
        talking.connection_made(wire)
        for first in range(0, len(sent), piece):
            talking.data_received(sent[first : first + piece])
        await talking.ready

    asyncio.run(converse())
    assert heard == [(client.BINARY, body) for body in bodies]
    assert wire.written.endswith(b"\x8a\x82\x00\x00\x00\x00hi")
