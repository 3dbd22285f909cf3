"""A document of any kind is what it was, written and read again."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document.experiment import Experiment, minimal
from descentscape.document.names import BIDI_CONTROLS, UNSEEN
from fuzzing import examples

LABELS = st.characters(exclude_categories=[*UNSEEN, "Cs"], exclude_characters="".join(BIDI_CONTROLS))


numbers = st.floats(-1e6, 1e6, allow_nan=False)
pairs = st.tuples(numbers, numbers).map(list)
optimizers = st.builds(
    lambda kind, rate: {"kind": kind, "learning_rate": rate},
    st.sampled_from(sorted(OPTIMIZERS)),
    st.floats(1e-6, 100),
)
runs = st.fixed_dictionaries(
    {"optimizer": optimizers},
    optional={
        "batch_size": st.none() | st.integers(1, 20),
        "schedule": st.sampled_from([{"kind": kind} for kind in SCHEDULES]),
        "clip": st.none() | st.just({"norm": 2}) | st.just({"value": 0.5}),
        "label": st.none() | st.text(LABELS, max_size=40),
        "init_seed": st.none() | st.integers(0, 2**32 - 1),
    },
)
planes = st.sampled_from(
    [
        None,
        {"kind": "pca", "center": "end", "runs": [0]},
        {"kind": "random", "normalization": "filter", "origin": {"run": 0, "step": 5}},
        {"kind": "axes", "parameters": [3, 1]},
        {"kind": "points", "points": [{"step": 0}, {"step": 3}, {}]},
    ]
)
drawn = st.fixed_dictionaries(
    {},
    optional={
        "colors": st.sampled_from(["height", "rank"]),
        "moving_plane": st.booleans(),
        "surface": st.sampled_from(["train", "batch", "test"]),
        "overlays": st.fixed_dictionaries(
            {},
            optional={
                "gradient_field": st.booleans(),
                "critical_points": st.booleans(),
                "basins": st.sampled_from(["none", "minima", "against"]),
                "arrows": st.sampled_from(["none", "step", "all"]),
                "quadratic_model": st.booleans(),
                "random_walk": st.booleans(),
            },
        ),
        "example": st.integers(0, 4999),
        "run": st.integers(0, 7),
        "nudge": st.fixed_dictionaries(
            {"direction": st.sampled_from(["gradient", "random", "plane"]), "size": st.floats(-1000, 1000)},
            optional={"seed": st.integers(0, 9), "vector": pairs},
        ),
    },
)
documents = st.fixed_dictionaries(
    {},
    optional={
        "problem": st.fixed_dictionaries(
            {"kind": st.just("network")},
            optional={
                "dataset": st.fixed_dictionaries({"n": st.integers(40, 300), "seed": st.integers(0, 99)}),
                "hidden": st.lists(st.integers(1, 9), min_size=2, max_size=4),
                "cost": st.sampled_from(["mse", "bce", "cross_entropy", "huber"]),
                "l2": st.floats(0, 10),
            },
        ),
        "runs": st.lists(runs, min_size=1, max_size=3),
        "start": st.just({"kind": "init"})
        | st.builds(lambda at, plane: {"kind": "lift", "at": at, "plane": plane}, pairs, planes),
        "steps": st.integers(10, 20_000),
        "edits": st.lists(
            st.builds(lambda step, value: {"step": step, "set": {"4": value}}, st.integers(0, 10), numbers),
            max_size=3,
        ),
        "view": st.builds(lambda plane, drawn: {"plane": plane, "height": "log"} | drawn, planes, drawn),
    },
)


@examples(60)
@given(documents)
def test_round_trips(document: dict[str, Any]) -> None:
    experiment = Experiment.model_validate(document)
    text = experiment.model_dump_json()
    assert Experiment.model_validate_json(text) == experiment
    assert Experiment.model_validate(json.loads(text)) == experiment
    short = minimal(experiment)
    assert Experiment.model_validate(json.loads(json.dumps(short))) == experiment
    assert minimal(Experiment.model_validate(short)) == short
