"""What follows from the facts: a line each, with what to do."""

from __future__ import annotations

import math
import os
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal

from descentscape.api.doctor.facts import Facts
from descentscape.api.ops.addresses import EVERY, ONLY_HERE
from descentscape.api.ops.settings import Settings
from descentscape.api.ops.stores import REDIS, create_store
from descentscape.compute.memory import weigh
from descentscape.core.errors import InvalidValue
from descentscape.document.experiment import Experiment

Level = Literal["ok", "warning", "problem"]

AT_EASE_PER_CORE, AT_MOST_PER_CORE = 50, 100
"""Students whose first pictures come within 0.4 s, and on cores with AVX-512 within 0.7 s (p95)."""

PROCESS_BYTES = 300 * 2**20
"""A process of the service, before anybody has opened anything."""

DESCRIPTORS = 64
"""Files and sockets beside those of streams and calls."""

TEMPORARY_BYTES = 64 * 2**20
"""Room for what is compiled."""

PERMITS = {
    "ufw": "sudo ufw allow {port}/tcp",
    "firewalld": "sudo firewall-cmd --add-port={port}/tcp",
}


@dataclass(frozen=True)
class Finding:
    """One line; only a problem keeps the service from serving."""

    name: str
    level: Level
    text: str
    advice: str = ""


def findings(facts: Facts, settings: Settings) -> list[Finding]:
    """Everything that can be told, in the order in which it is met."""
    return [
        Finding("versions", "ok", ", ".join(f"{name} {number}" for name, number in facts.versions.items())),
        *_unknown(facts),
        *_page(facts),
        _compiled(facts),
        _cores(facts, settings),
        _memory(facts, settings),
        _open_files(facts, settings),
        _temporary(facts),
        _store(settings),
        _clock(facts),
        _port(facts),
        *_network(facts),
        _names(facts, settings),
        _students(facts, settings),
    ]


def stops_serving(found: Sequence[Finding]) -> bool:
    """Whether one of them is a problem."""
    return any(finding.level == "problem" for finding in found)


def as_text(found: Sequence[Finding]) -> str:
    """A line each, and below it what to do."""
    return "\n".join(_lines(found))


def _lines(found: Sequence[Finding]) -> Iterator[str]:
    for finding in found:
        yield f"{finding.level:8} {finding.name}: {finding.text}"
        if finding.advice:
            yield f"{'':8} → {finding.advice}"


def as_json(found: Sequence[Finding]) -> dict[str, Any]:
    """The same for programs."""
    return {"ok": not stops_serving(found), "findings": [asdict(finding) for finding in found]}


def _unknown(facts: Facts) -> Iterator[Finding]:
    if facts.unknown:
        words = f"no setting is called {' or '.join(facts.unknown)}"
        yield Finding("settings", "warning", words, "docs/service.md lists what they are called")


def _page(facts: Facts) -> Iterator[Finding]:
    if facts.missing_page is None:
        yield Finding("page", "ok", "all of its files are there")
    else:
        advice = "install Descentscape again, or check out its frontend folder"
        yield Finding("page", "problem", f"it cannot be put together: {facts.missing_page}", advice)


def _compiled(facts: Facts) -> Finding:
    if facts.compiled:
        return Finding("compiled code", "ok", "it is there, and made for this processor and these versions")
    words = "it is not there for this processor and these versions: the first minute is slow, at every start"
    return Finding("compiled code", "warning", words, "descentscape compile")


def _computing(facts: Facts, settings: Settings) -> float:
    """How many cores compute at once."""
    return min(facts.cores, facts.processors or math.inf, _threads(settings))


def _threads(settings: Settings) -> int:
    """How many threads of all processes compute."""
    return (settings.processes or 1) * settings.threads


def _cores(facts: Facts, settings: Settings) -> Finding:
    quota = "" if facts.processors is None else f", of which a limit (cgroup) leaves {facts.processors:g}"
    processes = settings.processes or 1
    where = "one process" if processes == 1 else f"{processes} processes"
    words = f"{facts.cores}{quota}; threads that compute: {_threads(settings)}, in {where}"
    if _computing(facts, settings) < max(processes, settings.threads):
        advice = "raise the limit, or lower DESCENTSCAPE_PROCESSES or DESCENTSCAPE_THREADS"
        return Finding("cores", "warning", words, advice)
    return Finding("cores", "ok", words)


def _memory(facts: Facts, settings: Settings) -> Finding:
    there = min((each for each in (facts.memory, facts.memory_limit) if each is not None), default=None)
    least = PROCESS_BYTES * (settings.processes or 1) + settings.cache_bytes
    wanted = least + settings.memory_bytes
    words = f"the service takes up to {_size(wanted)}"
    if there is None:
        return Finding("memory", "ok", f"{words}; how much there is this system does not tell")
    limited = " (limit by cgroup)" if facts.memory_limit == there else ""
    words = f"{words}; there is {_size(there)}{limited}"
    if wanted <= there:
        return Finding("memory", "ok", words)
    left = there - least
    advice = (
        f"lower DESCENTSCAPE_MEMORY_BYTES to {left}" if left > 1 << 26 else "use a machine with 1 GiB or more"
    )
    return Finding("memory", "warning", words, advice)


def _open_files(facts: Facts, settings: Settings) -> Finding:
    wanted = settings.sockets + settings.calls + DESCRIPTORS
    if facts.open_files is None or facts.open_files >= wanted:
        limit = "without a limit" if facts.open_files is None else f"{facts.open_files:,} allowed"
        return Finding("open files", "ok", f"{limit}, {wanted:,} are enough")
    words = (
        f"{facts.open_files:,} allowed, {settings.sockets} streams and {settings.calls} calls take {wanted:,}"
    )
    return Finding("open files", "warning", words, f"ulimit -n {wanted}, or lower DESCENTSCAPE_SOCKETS")


def _temporary(facts: Facts) -> Finding:
    if facts.temporary_room is None:
        return Finding(
            "disk", "warning", "no folder for temporary files can be looked at", "set TMPDIR to one"
        )
    words = f"{_size(facts.temporary_room)} free for temporary files"
    if facts.temporary_room >= TEMPORARY_BYTES:
        return Finding("disk", "ok", words)
    return Finding(
        "disk", "warning", words, f"make room, or set TMPDIR where {_size(TEMPORARY_BYTES)} are free"
    )


def _store(settings: Settings) -> Finding:
    """Where tables and models are kept that documents name."""
    what, most = "tables and models of users are kept", f"{_size(settings.store_bytes)} at most"
    if not settings.store:
        return Finding("store", "ok", f"{what} while the service runs, {most}")
    if settings.store.startswith(REDIS):
        try:
            create_store(settings, None)
        except InvalidValue as error:
            return Finding("store", "problem", str(error))
        return Finding("store", "ok", f"{what} in Redis, which was not asked whether it answers")
    folder = Path(settings.store).expanduser()
    existing = next((each for each in (folder, *folder.absolute().parents) if each.exists()), folder)
    if existing.is_dir() and os.access(existing, os.W_OK):
        return Finding("store", "ok", f"{what} in {folder}, {most}")
    advice = "let DESCENTSCAPE_STORE name a folder that can"
    return Finding("store", "problem", f"{folder} cannot be written to", advice)


def _clock(facts: Facts) -> Finding:
    if facts.clock_behind:
        words = "it stands before the time at which Descentscape was installed"
        return Finding("clock", "warning", words, "set it: times in the log are wrong")
    return Finding("clock", "ok", "it stands after the time at which Descentscape was installed")


def _port(facts: Facts) -> Finding:
    place = f"{facts.port} on {facts.host}"
    match facts.port_state:
        case "free":
            return Finding("port", "ok", f"{place} is free")
        case "descentscape":
            return Finding("port", "ok", f"a Descentscape answers at {place} already")
        case "taken":
            words = f"another program has {place}, or this one does not answer"
            return Finding(
                "port",
                "problem",
                words,
                f"choose another with PORT or --port; lsof -i :{facts.port} names it",
            )
        case "forbidden":
            return Finding("port", "problem", f"{place} may not be taken", "choose one from 1024 on")
        case "not ours":
            return Finding("port", "problem", f"{facts.host} is no address of this machine", "--host 0.0.0.0")


def _network(facts: Facts) -> Iterator[Finding]:
    if facts.port_state not in ("free", "descentscape"):
        yield Finding("network", "ok", "not looked at, since the port could not be taken")
    elif facts.network.in_container and facts.host in EVERY:
        words = (
            "this seems to be a container: a class opens the machine around it, at the port that is published"
        )
        yield Finding("network", "ok", words)
    elif facts.urls:
        yield Finding("network", "ok", f"a class opens {' or '.join(facts.urls)}")
        yield from _firewall(facts)
    elif facts.host in EVERY and facts.port_state == "free":
        yield Finding(
            "network", "warning", "this machine seems to be in no network", "join one, and look again"
        )
    else:
        yield Finding("network", "ok", ONLY_HERE)


def _firewall(facts: Facts) -> Iterator[Finding]:
    for url in facts.unreachable:
        words = f"not even this machine gets through to {url}"
        yield Finding("firewall", "warning", words, f"let TCP connections to port {facts.port} in")
    if facts.firewall is not None:
        words = (
            f"{facts.firewall} is set up here; whether it lets a class in cannot be told without its rights"
        )
        yield Finding("firewall", "warning", words, PERMITS[facts.firewall].format(port=facts.port))
    elif not facts.unreachable:
        words = "this machine reaches its own address; whether others do cannot be told from here"
        yield Finding("firewall", "ok", words, "open the page on another device before the class comes")


def _names(facts: Facts, settings: Settings) -> Finding:
    further = f", and {', '.join(settings.hosts)}" if settings.hosts else ""
    words = f"it answers to addresses, to names of the local network, to {facts.own_name}{further}"
    return Finding("host names", "ok", words, "" if settings.hosts else "any others: DESCENTSCAPE_HOSTS")


def _students(facts: Facts, settings: Settings) -> Finding:
    cores = min(_computing(facts, settings), settings.processes or 1)
    memory = settings.memory_bytes // weigh(Experiment()).total
    places = min((settings.processes or 1) * min(settings.sockets, settings.sockets_per_address), memory)
    at_ease, at_most = (
        min(math.floor(each * cores), places) for each in (AT_EASE_PER_CORE, AT_MOST_PER_CORE)
    )
    words = (
        f"about {at_ease} at once see a new picture within 0.4 s, "
        f"on cores with AVX-512 about {at_most} within 0.7 s "
        "(p95; as measured on two cores with curated experiments, docs/service.md)"
    )
    return Finding("students", "ok", words)


def _size(nbytes: float) -> str:
    return f"{nbytes / 2**30:.1f} GiB" if nbytes >= 2**30 else f"{nbytes / 2**20:.0f} MiB"
