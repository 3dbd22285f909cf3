"""The wheel in an empty environment far from the checkout: page, service, commands and Python interface."""

from __future__ import annotations

import csv
import hashlib
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import tarfile
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from compiled_code import PLACE
from descentscape.version import VERSION

ROOT = Path(__file__).parents[2]
EXPERIMENT = '{"problem": {"dataset": {"kind": "iris"}, "hidden": [4]}, "steps": 20}'


def build(source: Path, target: str, folder: Path) -> Path:
    """A wheel or sdist of the sources, made by the build backend without a network."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    subprocess.run(command, cwd=source, check=True, capture_output=True, timeout=600)
    (made,) = folder.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


def contents(wheel: Path) -> dict[str, str]:
    """The digest of every file in a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(ROOT, "wheel", tmp_path_factory.mktemp("wheel"))


def required(requirements: list[str], extras: set[str], seen: set[str]) -> set[str]:
    """The names of all distributions that these requirements lead to on this machine."""
    for requirement in map(Requirement, requirements):
        marker = requirement.marker
        if marker and not any(marker.evaluate({"extra": extra}) for extra in extras or {""}):
            continue
        if requirement.name not in seen:
            seen.add(requirement.name)
            further = importlib.metadata.requires(requirement.name) or []
            required(further, {"", *requirement.extras}, seen)
    return seen


def lend(wheel: Path, site_packages: Path) -> None:
    """What the wheel declares that it needs, and nothing else, linked from the tests' own environment."""
    with zipfile.ZipFile(wheel) as archive:
        metadata = archive.read(f"descentscape-{VERSION}.dist-info/METADATA").decode()
    declared = re.findall(r"^Requires-Dist: (.+)$", metadata, re.MULTILINE)
    for name in required(declared, set(), set()):
        distribution = importlib.metadata.distribution(name)
        tops = {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}
        for top in tops:
            if not (site_packages / top).exists():
                (site_packages / top).symlink_to(str(distribution.locate_file(top)))


@pytest.fixture(scope="module")
def environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the commands of an environment that holds the wheel and what it declares."""
    folder = tmp_path_factory.mktemp("environment")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True, timeout=600)
    (site_packages,) = folder.glob("lib/python*/site-packages")
    lend(wheel, site_packages)
    pip = [sys.executable, "-m", "pip", "--python", str(folder / "bin" / "python"), "-qq"]
    install = [*pip, "install", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(install, check=True, timeout=600)
    return folder / "bin"


def call(environment: Path, *command: str, cwd: Path, given: str = "") -> str:
    """What a command of the environment prints, called from a folder that is not the checkout."""
    program, *arguments = command
    done = subprocess.run(
        [environment / program, *arguments],
        cwd=cwd,
        env=outside(),
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return done.stdout


def outside() -> dict[str, str]:
    """The shell's variables without the path to the checkout's package."""
    return PLACE | {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def address(environment: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address that ``descentscape serve`` tells; it must end when it is asked to."""
    command = [environment / "descentscape", "serve", "--no-browser", "--host", "127.0.0.1", "--port", "0"]
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    with subprocess.Popen(
        command, cwd=elsewhere, env=outside(), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        told = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert told, "the service ended before it told its address"
        yield told[0]
        process.terminate()
        process.wait(timeout=600)


def fetch(url: str, body: str | None = None) -> tuple[str, bytes]:
    """The media type and the bytes of an answer that is a success."""
    headers = {"Content-Type": "application/json"} if body else {}
    request = urllib.request.Request(url, body.encode() if body else None, headers)
    with urllib.request.urlopen(request, timeout=600) as answer:
        return answer.headers.get_content_type(), answer.read()


def test_the_wheel_holds_package_page_data_and_licence(wheel: Path) -> None:
    names = set(contents(wheel))
    page = {f"descentscape/page/{path.relative_to(ROOT / 'frontend')}" for path in files(ROOT / "frontend")}
    package = {
        f"descentscape/{path.relative_to(ROOT / 'backend/descentscape')}"
        for path in files(ROOT / "backend" / "descentscape")
    }
    about = {f"descentscape-{VERSION}.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD")}
    about |= {f"descentscape-{VERSION}.dist-info/{name}" for name in ("entry_points.txt", "licenses/LICENSE")}
    assert names == page | package | about


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def test_the_source_distribution_makes_the_same_wheel(wheel: Path, tmp_path: Path) -> None:
    sdist = build(ROOT, "sdist", tmp_path)
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path, filter="data")
    again = build(tmp_path / f"descentscape-{VERSION}", "wheel", tmp_path / "again")
    assert contents(again) == contents(wheel)


def test_the_package_comes_from_the_environment(environment: Path, tmp_path: Path) -> None:
    program = "print(ds.__file__, ds.__version__, ds.run({'steps': 3}).runs[0].cost.size)"
    printed = call(environment, "python", "-c", f"import descentscape as ds; {program}", cwd=tmp_path)
    place, version, entries = printed.split()
    assert Path(place).is_relative_to(environment.parent)
    assert version == VERSION
    assert entries == "4"


def test_the_version_is_told(environment: Path, tmp_path: Path) -> None:
    assert call(environment, "descentscape", "--version", cwd=tmp_path).strip() == VERSION


def test_run_writes_the_costs(environment: Path, tmp_path: Path) -> None:
    call(environment, "descentscape", "run", "-", "--out", "run.csv", cwd=tmp_path, given=EXPERIMENT)
    with (tmp_path / "run.csv").open(newline="") as lines:
        costs = [float(row["cost"]) for row in csv.DictReader(lines)]
    assert len(costs) == 21
    assert costs[-1] < costs[0]


def test_figure_writes_a_page_that_needs_no_network(environment: Path, tmp_path: Path) -> None:
    call(environment, "descentscape", "figure", "-", "--out", "page.html", cwd=tmp_path, given=EXPERIMENT)
    page = (tmp_path / "page.html").read_text("utf-8")
    assert "plotly.js v" in page
    assert not re.search(r'<(?:script|link)[^>]+(?:src|href)="https?:', page)


def test_serve_answers_with_the_page_and_every_file_it_names(address: str) -> None:
    kind, page = fetch(f"{address}/")
    assert kind == "text/html"
    named = re.findall(r'(?:src|href)="([^":#]+)"', page.decode())
    assert any(name.startswith("vendor/plotly-") for name in named)
    assert {"js-app-start.js", "js-app-main.js", "page.css"} <= {name.rpartition("/")[2] for name in named}
    for name in named:
        assert len(fetch(f"{address}/{name}")[1]) > 0


def test_serve_answers_catalogue_documentation_and_runs(address: str) -> None:
    assert json.loads(fetch(f"{address}/api/v1/catalog")[1])["version"] == VERSION
    assert fetch(f"{address}/docs")[0] == "text/html"
    assert json.loads(fetch(f"{address}/openapi.json")[1])["info"]["version"] == VERSION
    runs = json.loads(fetch(f"{address}/api/v1/runs", EXPERIMENT)[1])["runs"]
    assert len(runs[0]["cost"]) == 21
