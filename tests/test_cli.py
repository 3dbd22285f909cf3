"""The command line: files written, errors in one line."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from descentscape.cli import main

IRIS: dict[str, Any] = {"problem": {"dataset": {"kind": "iris"}}, "steps": 25}


@pytest.fixture
def document(tmp_path: Path) -> Path:
    path = tmp_path / "experiment.json"
    path.write_text(json.dumps(IRIS), "utf-8")
    return path


def complaint(capsys: pytest.CaptureFixture[str]) -> str:
    shown = capsys.readouterr()
    assert shown.out == ""
    assert shown.err.startswith("descentscape: ")
    assert shown.err.count("\n") == 1
    return shown.err


@pytest.mark.parametrize("ending", ["json", "csv", "npz", "JSON"])
def test_run_writes_what_the_ending_says(document: Path, tmp_path: Path, ending: str) -> None:
    out = tmp_path / f"run.{ending}"
    assert main(["run", str(document), "--out", str(out)]) == 0
    assert out.stat().st_size > 1000


def test_iris_with_adam_is_the_same_as_in_python(document: Path, tmp_path: Path) -> None:
    out = tmp_path / "run.json"
    assert main(["run", str(document), "--out", str(out)]) == 0
    cost = json.loads(out.read_text("utf-8"))["runs"][0]["cost"]
    np.testing.assert_array_equal(cost, ds.run(IRIS).runs[0].cost)


def test_reads_standard_input(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO('{"steps": 3, "problem": {"kind": "formula"}}'))
    assert main(["run", "-", "--out", str(tmp_path / "run.csv")]) == 0
    assert len((tmp_path / "run.csv").read_text("utf-8").splitlines()) == 5


def test_a_surface_and_programs_are_written_too(document: Path, tmp_path: Path) -> None:
    begins = {"s.vtk": "# vtk", "p.py": '"""', "p.sh": "curl", "p.ipynb": "{"}
    for name, words in begins.items():
        command = "surface" if name == "s.vtk" else "program"
        assert main([command, str(document), "--out", str(tmp_path / name)]) == 0
        assert (tmp_path / name).read_bytes().startswith(words.encode())


def test_figure_writes_a_page(document: Path, tmp_path: Path) -> None:
    out = tmp_path / "page.html"
    assert main(["figure", str(document), "--out", str(out)]) == 0
    assert out.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "nowhere.json", "--out", "x.csv"], "nowhere.json: No such file"),
        (["run", "EXPERIMENT", "--out", "x.txt"], "--out must be a file that ends in csv or xlsx or json"),
        (
            ["figure", "EXPERIMENT", "--out", "x.png"],
            "--out must be a file that ends in html or htm or json or gif",
        ),
        (["run", "EXPERIMENT"], "required: --out"),
        (["--port", "70000"], "port must be a whole number from 0 to 65535"),
        (["fly"], "unrecognized arguments: fly"),
    ],
)
def test_errors_are_one_line(
    arguments: list[str], words: str, document: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [str(document) if each == "EXPERIMENT" else each for each in arguments]
    try:
        code = main(given)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == 2
    assert words in complaint(capsys)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('{"steps": "many"}', "steps must be a whole number, got 'many'"),
        ('{"steps": ', "experiment must be valid JSON"),
        ('{"steps": NaN}', "steps"),
        ("[]", "experiment must be an object"),
        (
            json.dumps({f"x{k}": 0 for k in range(60)}),
            "x19 must be left out, there is no such field, got 0; and 40 more",
        ),
        ('{"problem": {"kind": "formula", "expression": "log(x)"}}', "start must be a point whose cost"),
    ],
)
def test_wrong_documents_are_named(
    text: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "wrong.json"
    path.write_text(text, "utf-8")
    assert main(["run", str(path), "--out", str(tmp_path / "x.csv")]) == 2
    assert words in complaint(capsys)


def test_what_is_no_text_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "photo.json"
    path.write_bytes(b"\x89PNG")
    assert main(["run", str(path), "--out", str(tmp_path / "x.csv")]) == 2
    assert f"{path} must be JSON in UTF-8 (invalid start byte at byte 0)" in complaint(capsys)


def test_a_table_is_told_as_it_is_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "t.csv"
    path.write_text("a,b,c\n1,2,3\n4,5,7\n", "utf-8")
    assert main(["table", str(path), "--target", "b", "--inputs", "c"]) == 0
    marks = [line[2:9].strip() for line in capsys.readouterr().out.splitlines()[1:4]]
    assert marks == ["", "target", "input"]
    for arguments, field in ((["--target", "d"], "target"), (["--inputs", "a, d"], "inputs[1]")):
        assert main(["table", str(path), *arguments]) == 2
        assert f"{field} must be a column of the table (‘a’, ‘b’, ‘c’), got 'd'" in complaint(capsys)


class Served:
    """What ``serve`` was asked for, in place of a service."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.arguments: tuple[Any, ...] = ()
        self.options: dict[str, Any] = {}
        monkeypatch.setattr("descentscape.api.server.serve", self)

    def __call__(self, *arguments: Any, **options: Any) -> None:
        self.arguments, self.options = arguments, options


def test_serves_by_default_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOST", "PORT", "NO_BROWSER"):
        monkeypatch.delenv(name, raising=False)
    served = Served(monkeypatch)
    assert main([]) == 0
    assert served.arguments == ("127.0.0.1", 8000)
    assert served.options["open_browser"] is not None
    assert served.options["root_path"] is None


def test_serve_takes_the_environment_and_arguments_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("HOST", "0.0.0.0"), ("PORT", "9000"), ("NO_BROWSER", "1")):
        monkeypatch.setenv(name, value)
    served = Served(monkeypatch)
    assert main(["serve", "--root-path", "/class"]) == 0
    assert served.arguments == ("0.0.0.0", 9000)
    assert served.options == {"open_browser": None, "root_path": "/class"}
    assert main(["--port", "9001"]) == 0
    assert served.arguments == ("0.0.0.0", 9001)


def test_a_busy_port_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def busy(*_: Any, **__: Any) -> None:
        raise OSError(98, "port 8000 on 127.0.0.1 is in use")

    monkeypatch.setattr("descentscape.api.server.serve", busy)
    assert main(["serve", "--no-browser"]) == 2
    assert "port 8000 on 127.0.0.1 is in use" in complaint(capsys)
