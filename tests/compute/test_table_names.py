"""What a table calls its columns and classes is in the names of the parameters."""

from __future__ import annotations

from descentscape.compute.computation import Computation
from descentscape.document.experiment import Experiment

COLUMNS = [
    {"name": "age", "cells": ["20", "31", "44", "50", "23", "60"]},
    {"name": "sex", "cells": ["m", "f", "m", "f", "f", "m"]},
    {"name": "kind", "cells": ["b", "a", "c", "a", "b", "c"]},
]


def test_parameters_are_named_by_columns_and_classes() -> None:
    dataset = {"kind": "table", "columns": COLUMNS, "target": "kind"}
    problem = {"dataset": dataset, "hidden": [1], "cost": "cross_entropy"}
    computation = Computation(Experiment.model_validate({"problem": problem, "steps": 1}))
    assert computation.problem.objective.parameter_names() == [
        "layer 1, w[1,1] from age",
        "layer 1, w[1,2] from sex = m",
        "layer 1, b[1]",
        *("layer 2, w[1,1] to a", "layer 2, w[2,1] to b", "layer 2, w[3,1] to c"),
        *("layer 2, b[1] of a", "layer 2, b[2] of b", "layer 2, b[3] of c"),
    ]
