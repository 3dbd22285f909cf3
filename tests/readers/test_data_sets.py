"""``ds.table`` and ``descentscape table``: data of one's own, from files, rows, columns, data frames."""

from __future__ import annotations

import ast
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.cli import main
from descentscape.core.data.store import MemoryStore, current_store, use_store
from descentscape.core.data.tables.table import Column, content_of, make_table
from descentscape.core.errors import InvalidValue
from descentscape.document.problem_size import data_shape
from descentscape.output.exports.python import assignment

ROWS: list[list[Any]] = [
    ["height", "born", "kind"],
    *([k % 5, date(2020, 1, 1 + k), "abc"[k % 3]] for k in range(12)),
]
CSV = "\n".join(",".join(map(str, row)) for row in ROWS)


class Frame:
    """What is asked of a data frame."""

    columns = ("height", "born", "kind")

    def to_dict(self, orient: str) -> dict[str, list[Any]]:
        assert orient == "list"
        return {name: [row[index] for row in ROWS[1:]] for index, name in enumerate(self.columns)}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pets.csv"
    path.write_text(CSV, "utf-8")
    return path


def test_a_file_rows_columns_and_a_data_frame_are_the_same_data(file: Path) -> None:
    columns = Frame().to_dict("list")
    columns["height"] = np.array(columns["height"])  # type: ignore[assignment]
    sets = [ds.table(source) for source in (file, str(file), ROWS, columns, Frame())]
    assert [each["name"] for each in sets] == ["pets.csv"] * 2 + ["table"] * 3
    assert all(each["columns"] == sets[0]["columns"] for each in sets)
    assert sets[0]["target"] == "kind"
    results = ds.run({"problem": {"dataset": sets[0], "cost": "cross_entropy", "hidden": [2]}, "steps": 3})
    assert len(results.runs[0].cost) == 4


def test_only_the_columns_that_are_used_are_carried(file: Path) -> None:
    made = ds.table(file, "height", inputs=["kind"], missing="mean", test_fraction=0.25, task="regression")
    assert [column["name"] for column in made["columns"]] == ["kind", "height"]
    experiment = ds.Experiment.model_validate({"problem": {"dataset": made}})
    assert experiment.problem.dataset.model_dump(exclude={"columns"}) == {
        "kind": "table", "name": "pets.csv", "sha256": None, "target": "height", "inputs": ("kind",),
        "task": "regression", "missing": "mean", "seed": 0, "test_fraction": 0.25, "standardize": True,
    }  # fmt: skip


def test_all_rows_that_are_kept_are_carried() -> None:
    made = ds.table({"x": range(1, 12_001, 2), "y": [k * k for k in range(6000)]}, "y", inputs=["x"])
    assert len(made["columns"][0]["cells"]) == 6000
    experiment = ds.Experiment.model_validate({"problem": {"dataset": made}})
    assert data_shape(experiment.problem).examples == 5000


def test_a_program_carries_the_table_that_its_document_names() -> None:
    table = make_table(
        [Column(name, list(map(str, cells))) for name, cells in Frame().to_dict("list").items()]
    )
    replaced = use_store(MemoryStore())
    try:
        dataset = {
            "kind": "table",
            "sha256": current_store().put("table", content_of(table)),
            "target": "kind",
        }
        named = ds.Experiment.model_validate({"problem": {"dataset": dataset, "hidden": [2]}, "steps": 3})
        costs, program = ds.run(named).runs[0].cost, assignment(named)
    finally:
        use_store(replaced)
    whole = ds.Experiment.model_validate(ast.literal_eval(program.removeprefix("experiment = ")))
    assert whole.problem.dataset.sha256 is None
    assert ds.run(whole).runs[0].cost.tolist() == costs.tolist()


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ([["a", "b"], [1, object()]], "row 2, column 2, must be text, a number, a date or None"),
        (["ab"], "row 1 must be a sequence of cells"),
        ({"a": [1, 2], "b": [1]}, "as the first column has"),
        ([["a"], ["x"], ["x"]], "target must be a column of the table"),
    ],
)
def test_sources_refused(source: Any, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        ds.table(source)


def test_the_command_line_tells_a_table_and_writes_an_experiment(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "experiment.json"
    assert main(["table", str(file), "--out", str(out)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "pets.csv: 12 rows, 3 columns"
    assert lines[3].split()[:3] == ["target", "kind", "category"]
    assert main(["table", str(file), "--target", "height"]) == 0
    marks = [line.split()[0] for line in capsys.readouterr().out.splitlines()[1:4]]
    assert marks == ["target", "input", "input"]
    document = json.loads(out.read_text("utf-8"))
    assert document["problem"]["cost"] == "cross_entropy"
    assert ds.Experiment.model_validate(document).problem.dataset.target == "kind"


def test_the_command_line_refuses_in_a_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", str(file), "--target", "colour", "--out", str(file.with_suffix(".json"))]) == 2
    assert "target must be a column of the table" in capsys.readouterr().err
