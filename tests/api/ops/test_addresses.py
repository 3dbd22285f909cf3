"""The addresses that are given to a class: those that lead to this machine, and no others."""

from __future__ import annotations

import socket

import pytest

from descentscape.api.listeners import listen
from descentscape.api.ops.addresses import (
    Network,
    class_urls,
    families_of,
    greeting,
    leads_here,
    look_around,
    own_url,
)

IPV4, IPV6 = frozenset({socket.AF_INET}), frozenset({socket.AF_INET6})
SCHOOL = Network(("192.168.1.20", "fd00::2"), "teacher.local")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("teacher.local", "http://teacher.local:8000/"),
    ],
)
def test_the_address_for_the_browser(host: str, address: str) -> None:
    assert own_url(host, 8000) == address


@pytest.mark.parametrize(
    ("host", "families", "network", "urls"),
    [
        ("0.0.0.0", IPV4, SCHOOL, ["http://192.168.1.20:8000/", "http://teacher.local:8000/"]),
        ("::", IPV6, SCHOOL, ["http://[fd00::2]:8000/", "http://teacher.local:8000/"]),
        ("::", IPV4 | IPV6, SCHOOL, ["http://192.168.1.20:8000/", "http://[fd00::2]:8000/", "http://teacher.local:8000/"]),
        ("0.0.0.0", IPV4, Network(("192.168.1.20",)), ["http://192.168.1.20:8000/"]),
        ("0.0.0.0", IPV4, Network(("fd00::2",), "teacher.local"), []),
        ("0.0.0.0", IPV4, Network((), "teacher.local"), []),
        ("127.0.0.1", IPV4, SCHOOL, []),
        ("::1", IPV6, SCHOOL, []),
    ],
)  # fmt: skip
def test_the_addresses_for_a_class(
    host: str, families: frozenset[socket.AddressFamily], network: Network, urls: list[str]
) -> None:
    assert class_urls(host, 8000, network, families) == urls


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "::1", "169.254.7.7", "fe80::1", "0.0.0.0", "224.0.0.251", "198.51.100.7"]
)
def test_what_leads_nowhere_or_elsewhere_is_not_claimed(address: str) -> None:
    assert not leads_here(address)


def test_what_is_found_here_is_this_machines_own() -> None:
    assert all(map(leads_here, look_around().addresses))


@pytest.mark.parametrize(
    ("host", "network", "words"),
    [
        ("0.0.0.0", SCHOOL, "A class on this network opens http://192.168.1.20:{port}/ or http://teacher.local:{port}/"),
        ("127.0.0.1", SCHOOL, "Only this machine reaches it. For a class: make run HOST=0.0.0.0"),
        ("0.0.0.0", Network(("172.17.0.2",), None, in_container=True), "It seems to run in a container"),
        ("0.0.0.0", Network(), "This machine seems to be in no network"),
    ],
)  # fmt: skip
def test_the_lines_at_the_start(host: str, network: Network, words: str) -> None:
    with listen(host, 0) as listener:
        port = listener.getsockname()[1]
        first, second = greeting(listener, network).splitlines()
    assert first == f"Descentscape is at http://127.0.0.1:{port}/ (Ctrl+C ends it)"
    assert second.startswith(words.format(port=port))


def test_a_socket_for_ipv6_may_take_both_families() -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:  # a machine without IPv6, which is told so
        with pytest.raises(OSError, match="on :: cannot be taken"):
            listen("::", 0)
        return
    with listen("::", 0) as listener:
        with socket.socket(socket.AF_INET) as client:
            client.settimeout(5)
            reached = client.connect_ex(("127.0.0.1", listener.getsockname()[1])) == 0
        assert (socket.AF_INET in families_of(listener)) is reached
