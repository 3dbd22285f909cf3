"""What the container's files promise: locked versions, no root, nothing written, bounded, watched."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
LOCKED = [Requirement(line) for line in (ROOT / "requirements.lock").read_text("utf-8").splitlines()]


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions and their arguments, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def final_stage() -> list[tuple[str, str]]:
    given = instructions()
    last = max(index for index, (name, _) in enumerate(given) if name == "FROM")
    return given[last:]


def arguments(name: str) -> str:
    (found,) = [rest for each, rest in final_stage() if each == name]
    return found


@pytest.fixture(scope="module")
def service() -> dict[str, Any]:
    """The one service of compose.yaml."""
    services = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))["services"]
    (only,) = services.values()
    assert isinstance(only, dict)
    return only


def test_every_stage_is_the_same_slim_python() -> None:
    images = {rest.partition(" AS ")[0] for name, rest in instructions() if name == "FROM"}
    (image,) = images
    assert re.fullmatch(r"python:3\.\d+-slim", image)


def test_the_service_does_not_run_as_root() -> None:
    user, group = arguments("USER").split(":")
    assert int(user) > 0
    assert int(group) > 0


def test_the_service_listens_on_the_port_that_is_exposed_and_opens_no_browser() -> None:
    settings = dict(re.findall(r"(\w+)=(\S+)", arguments("ENV")))
    assert settings["HOST"] == "0.0.0.0"
    assert settings["PORT"] == arguments("EXPOSE")
    assert settings["NO_BROWSER"] == "1"


def test_its_health_is_checked() -> None:
    check = arguments("HEALTHCHECK")
    assert "/healthz" in check
    assert "--timeout=3s" in check


def test_it_runs_as_the_first_process_so_that_a_signal_reaches_it() -> None:
    assert arguments("CMD").startswith("[")


def test_the_locked_versions_are_installed_and_no_others() -> None:
    installs = [rest for name, rest in instructions() if name == "RUN" and " install " in rest]
    locked, itself = installs
    assert "--requirement requirements.lock" in locked
    assert "--no-deps ." in itself


def test_the_lock_names_one_exact_version_of_everything_for_every_platform() -> None:
    for requirement in LOCKED:
        assert re.fullmatch(r"==[0-9][0-9a-z.+]*", str(requirement.specifier)), requirement
        assert requirement.url is None, requirement


def test_the_lock_holds_what_the_project_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    for wanted in map(Requirement, project["dependencies"]):
        versions = [
            each.specifier
            for each in LOCKED
            if canonicalize_name(each.name) == canonicalize_name(wanted.name)
        ]
        assert versions, f"{wanted} is not in requirements.lock: run make lock"
        for version in versions:
            assert wanted.specifier.contains(str(version).removeprefix("==")), f"{wanted}: run make lock"


def test_compose_publishes_one_port(service: dict[str, Any]) -> None:
    assert service["ports"] == ["${PORT:-8000}:8000"]


def test_compose_keeps_the_root_file_system_read_only(service: dict[str, Any]) -> None:
    assert service["read_only"] is True
    assert all(entry.startswith("/tmp:size=") for entry in service["tmpfs"])
    assert "volumes" not in service


def test_compose_takes_every_privilege_away(service: dict[str, Any]) -> None:
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in service


def test_compose_bounds_memory_processors_and_processes(service: dict[str, Any]) -> None:
    assert {"mem_limit", "cpus", "pids_limit"} <= service.keys()


def test_the_build_sees_the_sources_alone() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    copied = [rest.split()[:-1] for name, rest in instructions() if name == "COPY" and "--from" not in rest]
    allowed = {rule.removeprefix("!").split("/")[0] for rule in rules if rule.startswith("!")}
    assert {name for names in copied for name in names} == allowed
