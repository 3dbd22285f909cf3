"""Files hold the results' own numbers."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import numpy as np
import pandas
import pytest
import python_calamine
from plotly.offline import get_plotlyjs

import descentscape as ds
from descentscape.compute.computation import Computation
from descentscape.compute.results import Results
from descentscape.document.experiment import Experiment
from descentscape.output.drawing import Drawing
from descentscape.output.exports import EXPORTS
from descentscape.output.exports.csv import _rows, inert

DOCUMENT = {
    "problem": {"dataset": {"kind": "iris", "test_fraction": 0.2}, "hidden": [3]},
    "runs": [{"label": "=1+1"}, {"optimizer": {"kind": "gd"}, "batch_size": 8}],
    "steps": 12,
}


def results() -> Results:
    return Computation(Experiment.model_validate(DOCUMENT)).finish().results()


def test_csv_has_a_row_a_step() -> None:
    found = results()
    rows = list(csv.DictReader(io.StringIO(EXPORTS["csv"].bytes_of(found).decode())))
    assert len(rows) == 26
    assert [rows[13][name] for name in ("run", "label", "step")] == ["1", "Gradient descent", "0"]
    for name in ("cost", "shadow_cost", "off_plane", "grad_norm", "test_cost", "learning_rate"):
        read = [float(row[name]) for row in rows[:13]]
        np.testing.assert_array_equal(read, getattr(found.runs[0], name))
    np.testing.assert_array_equal([float(row["b"]) for row in rows[13:]], found.runs[1].path[:, 1])


def test_csv_leaves_empty_what_is_not_known_of_a_step() -> None:
    assert list(_rows({"cost": np.array([0.5, np.nan]), "test_cost": None}, 2)) == [(0.5, ""), ("", "")]


def test_csv_names_layers_counts_and_parameters() -> None:
    found = results()
    rows = list(csv.DictReader(io.StringIO(EXPORTS["csv"].bytes_of(found).decode())))
    read = {name: [float(row[name]) for row in rows[13:]] for name in rows[0] if name != "label"}
    np.testing.assert_array_equal(read["examples_seen"], 8 * np.arange(13))
    np.testing.assert_array_equal(read["grad_norm layer 2"], found.runs[1].layer_grad_norms[:, 1])
    np.testing.assert_array_equal(read["layer 2, w[3,1]"], found.runs[1].theta[:, 21])


def test_a_data_frame_is_the_same_table() -> None:
    found = results()
    frame = found.to_pandas()
    read = pandas.read_csv(io.BytesIO(EXPORTS["csv"].bytes_of(found)))
    read["label"] = [run.label for run in found.runs for _ in run.cost]
    pandas.testing.assert_frame_equal(frame, read)
    assert frame.groupby("run")["cost"].last().tolist() == [run.cost[-1] for run in found.runs]


def test_a_workbook_has_a_sheet_a_run_and_no_formulas() -> None:
    found = results()
    book = python_calamine.load_workbook(io.BytesIO(EXPORTS["xlsx"].bytes_of(found)))
    assert book.sheet_names == ["0 =1+1", "1 Gradient descent"]
    for name, run in zip(book.sheet_names, found.runs, strict=True):
        heading, *rows = book.get_sheet_by_name(name).to_python()
        assert len(rows) == 13
        table = dict(zip(heading, zip(*rows, strict=True), strict=True))
        for column in ("a", "cost", "grad_norm", "test_cost", "layer 1, w[1,2] from sepal width (cm)"):
            # A workbook has sixteen digits.
            np.testing.assert_allclose(table[column], run.to_pandas()[column], rtol=1e-15, atol=0)


def test_names_of_sheets_are_allowed_whatever_the_labels() -> None:
    labels = ["x" * 40, "a/b[1]:*?\\'", "'=1+1", "History"]
    document = {"problem": {"kind": "formula"}, "runs": [{"label": label} for label in labels], "steps": 2}
    found = Computation(Experiment.model_validate(document)).finish().results()
    with zipfile.ZipFile(io.BytesIO(EXPORTS["xlsx"].bytes_of(found))) as book:
        assert sum(name.startswith("xl/worksheets/sheet") for name in book.namelist()) == 4


def test_the_surface_is_the_same_in_every_file() -> None:
    surface = (
        Computation(Experiment.model_validate(DOCUMENT | {"view": {"grid": {"resolution": 15}}}))
        .finish()
        .finished_surface()
    )
    rows = list(csv.DictReader(io.StringIO(EXPORTS["surface_csv"].bytes_of(surface).decode())))
    read = np.array([[float(row[name]) for name in ("a", "b", "cost")] for row in rows])
    np.testing.assert_array_equal(read[:15, 0], surface.a)
    np.testing.assert_array_equal(read[:, 2].reshape(15, 15), surface.cost)
    with np.load(io.BytesIO(EXPORTS["surface_npz"].bytes_of(surface)), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["cost"], surface.cost)
        np.testing.assert_array_equal(file["plane.basis"], surface.plane.basis)
    np.testing.assert_array_equal(json.loads(EXPORTS["surface_json"].bytes_of(surface))["cost"], surface.cost)

    header, points, costs = vtk_parts(EXPORTS["vtk"].bytes_of(surface))
    assert header[:4] == ["# vtk DataFile Version 3.0", header[1], "BINARY", "DATASET STRUCTURED_GRID"]
    assert header[4:6] == ["DIMENSIONS 15 15 1", "POINTS 225 double"]
    np.testing.assert_array_equal(points[:, :2], read[:, :2])
    np.testing.assert_array_equal(points[:, 2], surface.drawn().ravel())
    np.testing.assert_array_equal(costs, surface.cost.ravel())


def vtk_parts(file: bytes) -> tuple[list[str], np.ndarray, np.ndarray]:
    """The header's lines, the points and the scalars of a structured grid, read by VTK's own description."""
    begin = file.index(b" double\n") + len(b" double\n")
    header = file[:begin].decode().splitlines()
    count = int(header[-1].split()[1])
    points = np.frombuffer(file, ">f8", 3 * count, begin).reshape(count, 3)
    return header, points, np.frombuffer(file[:-1][-8 * count :], ">f8")


def test_csv_labels_are_no_spreadsheet_formulas() -> None:
    first = next(csv.DictReader(io.StringIO(EXPORTS["csv"].bytes_of(results()).decode())))
    assert first["label"] == "'=1+1"


def test_json_round_trips_every_digit() -> None:
    found = results()
    read = json.loads(EXPORTS["json"].bytes_of(found))
    assert Experiment.model_validate(read["experiment"]) == found.experiment
    np.testing.assert_array_equal(read["plane"]["basis"], found.plane.basis)
    for run, content in zip(found.runs, read["runs"], strict=True):
        for name in ("cost", "path", "shadow_cost", "off_plane", "grad_norm", "theta"):
            np.testing.assert_array_equal(content[name], getattr(run, name))
        assert content["status"] == "finished"


@pytest.mark.parametrize(
    "before",
    ["", " ", "   ", "\t", "\r", "\n", "\u00a0", "\u3000", "\u2009", "\u200b", "\u200d", "\ufeff", "\u202e",
     "\u00ad", "\u2060", "\u2028", "\x00", "\x1b", "\ufe0f", "\u0301", "\u3164", "\u2800",
     " \u200b\t\u00a0", "a;", "a,", "a\t ", "a|"],
    ids=ascii,
)  # fmt: skip
def test_no_cell_becomes_a_formula(before: str) -> None:
    for sign in "=+-@＝＋－＠﹦﹢﹣﹫⁺₌−":
        label = f"{before}{sign}1+1"
        written = inert(label)
        assert written.replace("'", "") == label
        cells = [cell for cell in re.split(r"[;,|\t\r\n]", written) if cell]
        assert all(cell[0] == "'" for cell in cells if sign in cell), label


@pytest.mark.parametrize(
    "label", ["", " ", "Adam", "Adam = fast", "η-0.1", "'=1", "a-b", "Ⅳ", "0.5", "\u200b"]
)
def test_other_labels_stay_as_they_are(label: str) -> None:
    assert inert(label) == label


def test_npz_is_read_without_pickle() -> None:
    found = results()
    with np.load(io.BytesIO(EXPORTS["npz"].bytes_of(found)), allow_pickle=False) as file:
        np.testing.assert_array_equal(file["runs.1.theta"], found.runs[1].theta)
        np.testing.assert_array_equal(file["plane.origin"], found.plane.origin)
        meta = json.loads(str(file["meta"]))
        assert Experiment.model_validate(meta["experiment"]) == found.experiment
        assert meta["runs"][0]["label"] == "=1+1"


def test_page_keeps_the_examples_to_itself() -> None:
    data = {"kind": "inline", "x": [[0.123456789], [1.0]], "y": [[0.0], [1.0]]}
    document = {"problem": {"dataset": data, "hidden": [2], "cost": "mse"}, "steps": 2}
    work = Computation(Experiment.model_validate(document)).finish()
    assert "0.123456789" not in EXPORTS["html"].bytes_of(Drawing(work)).decode()


def test_page_stands_alone(tmp_path: Path) -> None:
    work = Computation(
        Experiment.model_validate(
            {"problem": {"kind": "formula"}, "steps": 5, "runs": [{"label": "</script>"}]}
        )
    ).finish()
    page = EXPORTS["html"].bytes_of(Drawing(work)).decode()
    ds.page(work.experiment, tmp_path / "page.html")
    assert (tmp_path / "page.html").read_text("utf-8") == page
    assert len(page) > 3_000_000
    own = page.replace(get_plotlyjs(), "")
    assert len(own) < 700_000
    assert "default-src 'none'" in own
    assert not re.search(r"<link|<script[^>]* src|\burl\(", own)
    assert own.count("</script>") == 3


def test_a_sheet_has_a_name_that_fits_whatever_letters_it_has() -> None:
    document = {**DOCUMENT, "runs": [{"label": "😀" * 40}, {"label": "a\ufffe[b]"}], "steps": 2}
    book = python_calamine.CalamineWorkbook.from_filelike(
        io.BytesIO(EXPORTS["xlsx"].bytes_of(ds.run(document)))
    )
    assert book.sheet_names == ["0 " + "😀" * 14, "1 a  b"]
