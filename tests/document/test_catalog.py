"""The catalogue is drawn from the tables and the document itself; its experiments do what they say."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.core.data.datasets import DATASETS
from descentscape.core.formulas.objective import FORMULAS
from descentscape.core.optimizers import OPTIMIZERS
from descentscape.core.optimizers.schedules import SCHEDULES
from descentscape.document.catalog import catalog, experiments
from descentscape.document.experiment import Experiment

GROUPS = ("problems", "datasets", "optimizers", "schedules", "clips", "starts", "planes")
TYPES = {"number", "integer", "boolean", "choice", "integers", "text", "optional_integer", "optional_number"}


def fields(content: Any = None) -> Iterator[dict[str, Any]]:
    for group in GROUPS:
        for entry in catalog()[group]:
            yield from entry["fields"]
    for group in ("run", "experiment", "view"):
        yield from catalog()[group]


def by_kind(group: str, kind: str) -> dict[str, Any]:
    return next(entry for entry in catalog()[group] if entry["kind"] == kind)


@pytest.mark.parametrize(
    ("group", "table"),
    [("optimizers", OPTIMIZERS), ("datasets", DATASETS), ("formulas", FORMULAS), ("schedules", SCHEDULES)],
)
def test_groups_are_the_engines_tables(group: str, table: dict[str, Any]) -> None:
    assert [entry["kind"] for entry in catalog()[group]] == list(table)


def test_it_is_plain_json() -> None:
    assert json.loads(json.dumps(catalog(), allow_nan=False))["defaults"] == Experiment().model_dump(
        mode="json"
    )


def test_fields_are_complete() -> None:
    for field in fields():
        assert field["type"] in TYPES
        assert field["label"]
        if field["type"] in {"number", "integer"}:
            assert field["low"] <= field["default"] <= field["high"], field["name"]
        if field["type"] == "choice":
            assert field["default"] in [choice["value"] for choice in field["choices"]]


def test_a_field_carries_what_its_optimizer_declares() -> None:
    rate, friction = by_kind("optimizers", "momentum")["fields"]
    declared = OPTIMIZERS["momentum"].__dataclass_fields__["learning_rate"]
    assert rate["name"] == "learning_rate"
    assert rate["label"] == "learning rate η"
    assert rate["log"] is True
    assert rate["default"] == declared.default
    assert (rate["low"], rate["high"]) == (declared.metadata["low"], declared.metadata["high"])
    assert rate["typical"] == list(declared.metadata["typical"])
    assert (friction["name"], friction["default"]) == ("momentum", 0.9)


def test_kinds_of_controls() -> None:
    network = {field["name"]: field for field in by_kind("problems", "network")["fields"]}
    assert network["hidden"]["type"] == "integers"
    assert network["activation"]["type"] == "choice"
    assert network["output"]["choices"][0] == {"value": None, "label": "automatic"}
    assert {"value": "relu", "label": "ReLU"} in network["activation"]["choices"]
    run = {field["name"]: field for field in catalog()["run"]}
    assert run["batch_size"]["type"] == "optional_integer"
    assert run["label"]["type"] == "text"
    assert by_kind("clips", "norm")["fields"][0]["type"] == "optional_number"


def test_a_choice_of_an_optimizer_is_drawn_as_one_and_checked() -> None:
    (base,) = (field for field in by_kind("optimizers", "sam")["fields"] if field["name"] == "base")
    assert (base["type"], base["default"]) == ("choice", "momentum")
    assert {"value": "muon", "label": "Muon"} in base["choices"]
    assert not {"sam", "lbfgs", "newton"} & {choice["value"] for choice in base["choices"]}
    with pytest.raises(ValidationError, match="base"):
        Experiment.model_validate({"runs": [{"optimizer": {"kind": "sam", "base": "newton"}}]})


def test_what_a_step_costs_is_said_in_words() -> None:
    bills = {entry["kind"]: entry["evaluations"] for entry in catalog()["optimizers"]}
    assert bills["adam"] == "1 gradient"
    assert bills["sam"] == "2 gradients"
    assert bills["muon"] == "1 gradient and the singular values of every weight matrix"
    assert bills["saddle_free_newton"] == "1 gradient, 1 Hessian (P² numbers) and all its eigenvalues"
    assert bills["lbfgs"] == "1 gradient and one more for every trial of the line search, up to 25"


def test_the_rules_whose_rate_depends_on_the_formula_are_said() -> None:
    unscaled = {entry["kind"] for entry in catalog()["optimizers"] if entry["unscaled"]}
    assert unscaled == {"gd", "momentum", "nesterov", "sam"}


def test_every_kind_in_the_catalogue_is_a_valid_document() -> None:
    own = {"custom": {"problem": {"kind": "chain"}, "plane": {"origin": [0, 0], "basis": [[1, 0], [0, 1]]}}}
    for plane in catalog()["planes"]:
        needed = own.get(plane["kind"], {"problem": {}, "plane": {}})
        view = {"plane": {"kind": plane["kind"], **needed["plane"]}}
        Experiment.model_validate({"problem": needed["problem"], "view": view})
    for optimizer in catalog()["optimizers"]:
        settings = {field["name"]: field["default"] for field in optimizer["fields"]}
        Experiment.model_validate({"runs": [{"optimizer": {"kind": optimizer["kind"], **settings}}]})


def test_terms_are_in_the_glossary() -> None:
    glossary = catalog()["glossary"]
    for field in fields():
        assert field["term"] is None or field["term"] in glossary, field


def test_glossary_is_short_and_its_formulas_are_well_formed() -> None:
    for term, entry in catalog()["glossary"].items():
        assert 20 < len(entry["text"]) < 240, term
        assert 1 <= len(re.findall(r"[.!?](?= |$)", entry["text"])) <= 3, term
        assert entry["text"].endswith("."), term
        if entry["mathml"] is not None:
            assert ET.fromstring(entry["mathml"]).tag == "math"


def test_limits_are_those_of_the_schema() -> None:
    limits, schema = catalog()["limits"], catalog()["schema"]
    assert schema["properties"]["steps"]["maximum"] == limits["max_steps"]
    assert schema["properties"]["runs"]["maxItems"] == limits["max_runs"]


def test_experiments_have_titles_points_and_full_documents() -> None:
    entries = experiments()
    assert len(entries) >= 14
    assert len({entry["id"] for entry in entries}) == len(entries)
    groups = [entry["group"] for entry in entries]
    assert len({*groups}) == sum(one != other for one, other in zip(groups, ["", *groups], strict=False))
    for entry in entries:
        assert entry["title"]
        assert entry["point"].endswith(".")
        assert entry["experiment"] == Experiment.model_validate(entry["experiment"]).model_dump(mode="json")
