"""The README's call, lines of Python and commands, run as they stand there, and agreeing with each other."""

from __future__ import annotations

import csv
import json
import re
import shlex
import textwrap
import urllib.request
from pathlib import Path
from typing import Any

import numpy as np
import plotly.graph_objects
import pytest

from api.serving import PATIENCE, serving
from api.talking import Talk
from descentscape.cli import main

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def code(beginning: str) -> str:
    """The indented block of the README that begins like this."""
    blocks = (textwrap.dedent(block) for block in re.findall(r"(?:^(?: {4}.*)?\n)+", README, re.MULTILINE))
    (found,) = (block.strip() for block in blocks if block.strip().startswith(beginning))
    return found


def call() -> tuple[str, str]:
    """The path and the body of the README's REST call."""
    words = shlex.split(code("curl"))
    (address,) = (word for word in words if word.startswith("http://"))
    return address.removeprefix("http://127.0.0.1:8000"), words[words.index("-d") + 1]


def commands() -> list[list[str]]:
    """The README's commands, without their remarks."""
    return [shlex.split(line, comments=True) for line in code("descentscape run").splitlines()]


@pytest.fixture(scope="module")
def answer() -> dict[str, Any]:
    """What the service answers to the README's call."""
    path, body = call()
    with serving() as address:
        request = urllib.request.Request(address + path, body.encode(), {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            found: dict[str, Any] = json.load(response)
    return found


@pytest.fixture
def names(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the README's lines of Python leave behind, what they print and the figures that they show."""
    shown: list[plotly.graph_objects.Figure] = []
    monkeypatch.setattr(plotly.graph_objects.Figure, "show", lambda figure: shown.append(figure))
    left: dict[str, Any] = {}
    exec(compile(code("import descentscape"), "README.md", "exec"), left)
    return left | {"shown": shown, "printed": capsys.readouterr().out}


def test_the_call_and_the_lines_of_python_describe_one_experiment(names: dict[str, Any]) -> None:
    assert json.loads(call()[1]) == names["experiment"]


def test_python_and_rest_give_the_same_costs(answer: dict[str, Any], names: dict[str, Any]) -> None:
    (run,), cost = answer["runs"], names["results"].runs[0].cost
    assert len(cost) == 201
    np.testing.assert_allclose(run["cost"], cost, rtol=0, atol=1e-12)
    np.testing.assert_allclose(
        answer["plane"]["variance_share"], names["results"].plane.variance_share, atol=1e-12
    )


def test_the_stream_gives_the_same_costs(answer: dict[str, Any]) -> None:
    talk = Talk().opened(json.loads(call()[1]))
    talk.say("play").listen()
    np.testing.assert_allclose(talk.series("cost"), answer["runs"][0]["cost"], rtol=0, atol=1e-12)


def test_the_lines_of_python_print_the_last_cost_and_show_the_surface(names: dict[str, Any]) -> None:
    assert names["printed"].startswith(str(names["results"].runs[0].cost[-1]))
    (figure,) = names["shown"]
    assert "surface" in {trace.type for trace in figure.data}


def test_the_commands_write_what_they_say(
    answer: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("experiment.json").write_text(call()[1], "utf-8")
    for program, *arguments in commands():
        assert program == "descentscape"
        assert main(arguments) == 0
    with Path("run.csv").open(newline="") as lines:
        costs = [float(row["cost"]) for row in csv.DictReader(lines)]
    np.testing.assert_allclose(costs, answer["runs"][0]["cost"], rtol=0, atol=1e-12)
    assert "plotly.js v" in Path("page.html").read_text("utf-8")


def test_the_other_formats_hold_the_same_costs(
    answer: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("experiment.json").write_text(call()[1], "utf-8")
    for ending in re.findall(r"\.(json|npz)\b", code("descentscape run")):
        assert main(["run", "experiment.json", "--out", f"run.{ending}"]) == 0
    costs = json.loads(Path("run.json").read_text("utf-8"))["runs"][0]["cost"]
    np.testing.assert_allclose(costs, answer["runs"][0]["cost"], rtol=0, atol=1e-12)
    with np.load("run.npz") as archive:
        np.testing.assert_allclose(archive["runs.0.cost"], costs, rtol=0, atol=1e-12)


def test_the_commands_of_make_are_targets() -> None:
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert set(re.findall(r"^    make ([a-z]+)", README, re.MULTILINE)) <= set(targets)


@pytest.mark.parametrize("link", re.findall(r"\]\((?!https?:)([^)#]+)", README))
def test_every_link_leads_to_a_file(link: str) -> None:
    assert (ROOT / link).is_file()
