"""Several processes of one service, behind one port."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from api.serving import PATIENCE, metric, stream, until, visitor
from api.stream.test_socket import hear_until, say
from api.talking import MOONS
from browser.service import Service
from descentscape.api.processes import ASKED_TO_END

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes as Linux tells of them")

OPEN = 24


@contextmanager
def two_processes() -> Iterator[Service]:
    service = Service()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESCENTSCAPE_PROCESSES", "2")
        service.start()
    try:
        until(lambda: len(processes(service)) == 2)
        yield service
    finally:
        service.stop()


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    with two_processes() as service:
        yield service


def processes(service: Service) -> list[int]:
    """Those that serve."""
    assert service.process is not None
    own = service.process.pid
    children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
    return [int(each) for each in children if b"spawn_main" in Path(f"/proc/{each}/cmdline").read_bytes()]


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_whichever_is_asked_tells_of_all(service: Service) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(stream(service.address)) for _ in range(OPEN)]
        for client in clients:
            say(client, "open", experiment=MOONS)
            hear_until(client, "opened")
        for _ in range(6):
            until(lambda: metric(service.address, "descentscape_sockets") == OPEN)


def test_one_that_is_killed_takes_its_own_clients_with_it_and_is_started_anew(service: Service) -> None:
    first, second = processes(service)
    with ExitStack() as stack:
        clients = [stack.enter_context(stream(service.address, close_timeout=0)) for _ in range(OPEN)]
        os.kill(first, signal.SIGKILL)
        until(lambda: len(new := processes(service)) == 2 and first not in new and second in new)
        left = 0
        for client in clients:
            with suppress(ConnectionClosed):
                say(client, "open", experiment=MOONS)
                hear_until(client, "opened")
                left += 1
        # All of them on one of the two, by chance: once in eight million times.
        assert 0 < left < OPEN
        assert visitor.get(f"{service.address}/readyz").status_code == 200


def test_all_of_them_end_when_it_is_asked_to(service: Service) -> None:
    process, serving = service.process, processes(service)
    assert process is not None
    process.terminate()
    assert process.wait(PATIENCE) == ASKED_TO_END
    assert not any(map(is_alive, serving))


def test_none_of_them_outlives_the_one_that_watches() -> None:
    with two_processes() as service:
        serving = processes(service)
        service.kill()
        until(lambda: not any(map(is_alive, serving)))
