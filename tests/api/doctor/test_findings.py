"""What the doctor makes of the facts, each told to it, and of this machine's own."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from api.serving import serving
from descentscape.api.doctor import Facts, Finding, as_json, as_text, findings, look, stops_serving
from descentscape.api.ops.addresses import Network
from descentscape.api.ops.settings import Settings
from descentscape.cli import main

GIB = 2**30
URL = "http://192.168.1.20:8000/"
SCHOOL = Facts(
    versions={"Python": "3.13.1", "NumPy": "2.4.6"},
    cores=4,
    processors=None,
    memory=8 * GIB,
    memory_limit=None,
    open_files=1024,
    temporary_room=4 * GIB,
    compiled=True,
    missing_page=None,
    clock_behind=False,
    host="0.0.0.0",
    port=8000,
    port_state="free",
    network=Network(("192.168.1.20",)),
    urls=(URL,),
    unreachable=(),
    firewall=None,
    own_name="teacher",
)
SETTINGS = Settings(processes=1, threads=2)


def found(name: str, settings: Settings = SETTINGS, **changes: Any) -> Finding:
    """The one finding of that name, of these facts."""
    return next(each for each in findings(replace(SCHOOL, **changes), settings) if each.name == name)


@pytest.mark.parametrize(
    ("store", "level", "words"),
    [
        ("", "ok", "256 MiB"),
        ("redis://host", "ok", "in Redis"),
        ("redis://host:port", "problem", "an address like redis://"),
        ("/dev/null/nothing", "problem", "cannot be written"),
    ],
)
def test_where_data_are_kept(store: str, level: str, words: str) -> None:
    told = found("store", SETTINGS.model_copy(update={"store": store}))
    assert told.level == level
    assert words in told.text


def test_a_machine_with_all_it_takes_is_well() -> None:
    assert {finding.level for finding in findings(SCHOOL, SETTINGS)} == {"ok"}
    assert found("network").text == f"a class opens {URL}"


@pytest.mark.parametrize(
    ("name", "changes", "level", "words", "advice"),
    [
        ("settings", {"unknown": ("DESCENTSCAPE_SOCKET",)}, "warning", "DESCENTSCAPE_SOCKET", "service.md"),
        ("page", {"missing_page": "styles/base.css"}, "problem", "styles/base.css", "install"),
        ("compiled code", {"compiled": False}, "warning", "first minute is slow", "descentscape compile"),
        ("cores", {"processors": 0.5}, "warning", "a limit (cgroup) leaves 0.5", "DESCENTSCAPE_THREADS"),
        ("cores", {"cores": 1}, "warning", "compute: 2, in one process", "DESCENTSCAPE_THREADS"),
        ("cores", {"processors": 2.0}, "ok", "leaves 2", ""),
        ("memory", {"memory_limit": 1 * GIB}, "warning", "1.0 GiB (limit by cgroup)", "MEMORY_BYTES to"),
        ("memory", {"memory": GIB // 2}, "warning", "there is 512 MiB", "use a machine with"),
        ("memory", {"memory": None}, "ok", "does not tell", ""),
        ("open files", {"open_files": 256}, "warning", "240 streams and 64 calls take 368", "ulimit -n 368"),
        ("open files", {"open_files": None}, "ok", "without a limit", ""),
        ("disk", {"temporary_room": 2**20}, "warning", "1 MiB free", "TMPDIR"),
        ("disk", {"temporary_room": None}, "warning", "no folder", "TMPDIR"),
        ("clock", {"clock_behind": True}, "warning", "before the time", "set it"),
        ("port", {"port_state": "taken"}, "problem", "another program has 8000", "--port; lsof -i :8000"),
        ("port", {"port_state": "forbidden"}, "problem", "may not be taken", "1024"),
        ("port", {"port_state": "not ours"}, "problem", "no address of this machine", "--host 0.0.0.0"),
        ("port", {"port_state": "descentscape"}, "ok", "answers at 8000 on 0.0.0.0 already", ""),
        ("network", {"port_state": "taken", "urls": ()}, "ok", "not looked at", ""),
        ("network", {"urls": ()}, "warning", "in no network", "join one"),
        ("network", {"host": "127.0.0.1", "urls": ()}, "ok", "Only this machine reaches it", ""),
        ("network", {"port_state": "descentscape", "urls": ()}, "ok", "Only this machine reaches it", ""),
        ("network", {"network": Network(("172.17.0.2",), None, True)}, "ok", "a container", ""),
        ("firewall", {"unreachable": (URL,)}, "warning", f"gets through to {URL}", "8000"),
        ("firewall", {"firewall": "ufw"}, "warning", "ufw is set up", "sudo ufw allow 8000/tcp"),
        ("firewall", {}, "ok", "cannot be told from here", "on another device"),
    ],
)  # fmt: skip
def test_what_is_in_the_way(name: str, changes: dict[str, Any], level: str, words: str, advice: str) -> None:
    finding = found(name, **changes)
    assert finding.level == level
    assert words in finding.text
    assert advice in finding.advice
    assert stops_serving([finding]) is (level == "problem")


@pytest.mark.parametrize(
    ("settings", "changes", "at_ease", "at_most"),
    [
        ({}, {}, 100, 200),
        ({"processes": 1}, {}, 50, 100),
        ({"processes": 4}, {"cores": 4}, 200, 400),
        ({}, {"processors": 0.5}, 25, 50),
        ({"sockets": 10}, {}, 20, 20),
    ],
)
def test_how_many_students_it_will_hold(
    settings: dict[str, Any], changes: dict[str, Any], at_ease: int, at_most: int
) -> None:
    text = found("students", Settings(**{"processes": 2, "threads": 2, **settings}), **changes).text
    words = (
        f"about {at_ease} at once see a new picture within 0.4 s, "
        f"on cores with AVX-512 about {at_most} within 0.7 s"
    )
    assert text.startswith(words)


def test_what_several_processes_take() -> None:
    many = Settings(processes=4, threads=1)
    assert found("cores", many, cores=4).text == "4; threads that compute: 4, in 4 processes"
    alone, together = (found("memory", each).text for each in (SETTINGS, many))
    assert alone.startswith("the service takes up to 1.8 GiB;")
    assert together.startswith("the service takes up to 2.7 GiB;")


def test_it_is_told_to_people_and_to_programs() -> None:
    told = findings(replace(SCHOOL, port_state="taken"), SETTINGS)
    assert "problem  port: another program has 8000 on 0.0.0.0" in as_text(told)
    assert "\n         → choose another" in as_text(told)
    document = json.loads(json.dumps(as_json(told)))
    assert document["ok"] is False
    assert {
        "name": "disk",
        "level": "ok",
        "text": "4.0 GiB free for temporary files",
        "advice": "",
    } in document["findings"]


def test_this_machine_can_be_looked_at() -> None:
    facts = look("127.0.0.1", 0)
    assert (facts.port_state, facts.urls, facts.missing_page, facts.compiled) == ("free", (), None, True)
    assert facts.cores >= 1
    assert {"Python", "NumPy", "BLAS"} <= facts.versions.keys()
    assert look("192.0.2.1", 0).port_state in ("not ours", "free")


def test_a_service_that_runs_is_known(capsys: pytest.CaptureFixture[str]) -> None:
    with serving() as address:
        port = address.rpartition(":")[2]
        assert main(["doctor", "--port", port, "--json"]) == 0
        told = json.loads(capsys.readouterr().out)
    texts = {each["name"]: each["text"] for each in told["findings"]}
    assert texts["port"] == f"a Descentscape answers at {port} on 127.0.0.1 already"
    assert texts["network"].startswith("Only this machine reaches it")


def test_a_port_that_another_program_has_is_a_problem(capsys: pytest.CaptureFixture[str]) -> None:
    import socketserver
    from threading import Thread

    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as other:
        thread = Thread(target=other.serve_forever, daemon=True)
        thread.start()
        assert main(["doctor", "--port", str(other.server_address[1])]) == 1
        other.shutdown()
        thread.join()
    assert "problem  port: another program has" in capsys.readouterr().out
