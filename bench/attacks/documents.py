"""Attacks by what a document says: allowed or nearly so, small to write, and large to carry out."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from bench.attacks.base import Once
from bench.wire import Target

MANY = 5000
"""Rows of inline data, as many as a document may have."""

LARGEST = 1 << 20
"""Bytes of a body at most."""

LONG = 30.0


def inline(x: list[Any], y: list[Any], **more: Any) -> dict[str, Any]:
    """An experiment on data of its own."""
    return {"problem": {"dataset": {"kind": "inline", "x": x, "y": y, "task": "classes"}, **more}}


def posts(call: str, *documents: Any, **more: Any) -> Once:
    """Ask for each of the documents in turn."""

    async def once(target: Target) -> None:
        await target.post(call, documents[next(target.numbers) % len(documents)], **more)

    return once


@cache
def classes(count: int) -> bytes:
    """Data in which every example is of a class of its own."""
    rows = [[k] for k in range(count)]
    return json.dumps(inline(rows, rows, hidden=[], cost="cross_entropy")).encode()


CLASS_BOMB = inline([[0], [1], [2]], [[0], [1], [10**9]], cost="cross_entropy")
WORDS = inline([[k] for k in range(3000)], [[f"class {k}"] for k in range(3000)], cost="cross_entropy")


@cache
def errors(kind: str, share: float = 1.0) -> bytes:
    """As many mistakes as a body holds, or a share of them."""

    def many(count: int) -> range:
        return range(int(share * count))

    if kind == "rows":
        rows = b",".join(b"[null]" for _ in many(140_000))
        return b'{"problem": {"dataset": {"kind": "inline", "x": [' + rows + b'], "y": [[0]]}}}'
    if kind == "fields":
        return b"{" + b",".join(b'"x%d":0' % k for k in many(80_000)) + b"}"
    if kind == "runs":
        return b'{"runs": [' + b",".join(b'{"a":0}' for _ in many(120_000)) + b"]}"
    if kind == "edits":
        return b'{"edits": [' + b",".join(b"0" for _ in many(500_000)) + b"]}"
    return b'{"edits": [{"step": 0, "set": {' + b",".join(b'"x%d":0' % k for k in many(80_000)) + b"}}]}"


MISTAKES = ("rows", "fields", "runs", "edits", "keys")


async def distinct_data(target: Target) -> None:
    """An experiment on much data that nobody else has, so that none is shared."""
    number = next(target.numbers)
    rows = [[k + number / 1000] * 8 for k in range(2000)]
    document = inline(rows, [[k % 2] for k in range(2000)], hidden=[2])
    await target.post("runs", document | {"steps": 1})


async def distinct_experiments(target: Target) -> None:
    """A small experiment that nobody else has."""
    await target.post("runs", {"seed": next(target.numbers), "steps": 20})


JSON = {
    "depth": [b"[" * 500_000, b'{"problem":' * 90_000],
    "numbers": [
        b'{"seed": ' + b"9" * 1_000_000 + b"}",
        b'{"seed": 1e999999999}',
        b'{"seed": 0.' + b"1" * 1_000_000 + b"}",
    ],
    "duplicates": [b"{" + b",".join([b'"steps":1'] * 100_000) + b"}"],
    "surrogates": [
        b'{"runs": [{"label": "\\ud800"}]}',
        b'{"\\ud800": 1}',
        b'{"runs": [{"label": "\\udfff\\ud800"}]}',
    ],
    "constants": [b'{"steps": NaN}', b'{"steps": Infinity}', b'{"view": {"nudge": {"size": -Infinity}}}'],
    "no text": [b"\xff\xfe" * 500_000, b"\x00" * 1_000_000, b'"' + b"\xf0\x9f\x98\x80" * 200_000],
}

FORMULAS = [
    {"problem": {"kind": "formula", "expression": text}}
    for text in (
        "(" * 200 + "x" + ")" * 199,
        "x" + "+x" * 199,
        "x^" * 39 + "x",
        "sin(" * 39 + "x" + ")" * 39,
        "|" * 400,
        "√" * 400,
        "9" * 400,
        "2^(2^(2^(2^(2^(2^x)))))",
        "x*" * 99 + "y",
    )
] + [{"problem": {"kind": "formula", "expression": "x" * 900_000}}]

EXTREMES = [
    {
        "problem": {"kind": "formula", "name": "himmelblau"},
        "view": {
            "plane": {
                "kind": "points",
                "points": [{"theta": [1e6, 1e6]}, {"theta": [-1e6, 1e-300]}, {"theta": [0, 0]}],
            }
        },
    },
    {
        "problem": {"kind": "formula", "expression": "exp(x)*exp(y)"},
        "start": {"kind": "point", "at": [1e6, 1e6]},
    },
    {"view": {"plane": {"kind": "axes"}, "grid": {"extent": [[-1e6, 1e6], [-1e6, 1e6]], "resolution": 401}}},
    {"seed": 2**32 - 1, "start": {"kind": "lift", "at": [1e6, -1e6]}},
    {"problem": {"dataset": {"kind": "inline", "x": [[1e308], [-1e308], [1e308]], "y": [[1e308], [0], [1]]}}},
]

SURFACES = [
    {"problem": {"hidden": [64, 64]}, "steps": 10, "seed": seed, "view": {"grid": {"resolution": 401}}}
    for seed in range(40)
]

FIGURES = [
    {"steps": 2000, "seed": seed, "runs": [{}] * 8, "view": {"grid": {"resolution": 201}}}
    for seed in range(40)
]

MISPRICED = [
    {"steps": 20_000, "start": {"kind": "lift", "at": [0.1, 0.1], "steps": 20_000}, "seed": seed}
    for seed in range(10)
] + [
    {"problem": {"hidden": [128, 128, 128]}, "steps": 1000, "runs": [{"batch_size": 1}] * 12, "seed": seed}
    for seed in range(10)
]

CURVATURES = [
    {"experiment": {"problem": {"hidden": [24, 24]}, "steps": 1, "seed": seed}} for seed in range(40)
]

NEWTONS = [
    {
        "problem": {"hidden": [16, 10], "dataset": {"kind": "moons", "n": 2000}},
        "steps": 200,
        "seed": seed,
        "runs": [{"optimizer": {"kind": "saddle_free_newton"}}],
    }
    for seed in range(40)
]

THETAS = [b'{"start": {"kind": "theta", "values": [' + b",".join([b"1e-9"] * 50_000) + b"]}}"]

SMALL = {"grid": {"resolution": 5}}

OUTPUTS = [
    {
        "experiment": {
            "problem": {"hidden": [128, 128], "dataset": {"kind": "moons", "n": 5000}},
            "steps": 1,
            "view": SMALL,
            "seed": seed,
        },
        "want": ["outputs", "data"],
        "resolution": 401,
    }
    for seed in range(40)
]

SWEEPS = [
    {
        "experiment": {"steps": 1000, "seed": seed},
        "study": {
            "kind": "sweep",
            "field": "run.optimizer.learning_rate",
            "values": [0.01 * k for k in range(1, 9)],
        },
    }
    for seed in range(40)
]
