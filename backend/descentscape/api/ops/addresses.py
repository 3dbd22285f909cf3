"""The addresses by which a class reaches this machine: only such as are its own, and lead out of it."""

from __future__ import annotations

import ipaddress
import re
import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

ANYWHERE = {socket.AF_INET: "203.0.113.1", socket.AF_INET6: "2001:db8::1"}
"""Addresses for documents, which nobody has: what is sent there takes the way out of the local network."""

EVERY = {"0.0.0.0", "::"}
"""What is listened on to be reached by all of the machine's addresses."""

_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True)
class Network:
    """A machine's place in its network.

    ``addresses`` lead to it from other machines, ``name`` too, by multicast DNS, where it has a responder;
    in a container they lead nowhere, since it is the machine around it that others know.
    """

    addresses: tuple[str, ...] = ()
    name: str | None = None
    in_container: bool = False


def look_around() -> Network:
    """The network that this machine is in now, as far as its own tables tell; nothing is sent."""
    name = socket.gethostname().lower().partition(".")[0]
    has_name = _has_mdns_responder() and name != "localhost" and _LABEL.fullmatch(name)
    return Network(
        tuple(dict.fromkeys(filter(leads_here, _candidates()))),
        f"{name}.local" if has_name else None,
        any(Path(mark).exists() for mark in ("/.dockerenv", "/run/.containerenv")),
    )


def leads_here(address: str) -> bool:
    """Whether other machines may reach this one by the address: it is its own, and not for itself alone."""
    found = ipaddress.ip_address(address)
    if found.is_loopback or found.is_link_local or found.is_multicast or found.is_unspecified:
        return False
    with suppress(OSError), socket.socket(_family(address), socket.SOCK_DGRAM) as own:
        own.bind((address, 0))
        return True
    return False


def _candidates() -> Iterator[str]:
    """The addresses that what is sent outside has, or else those of the machine's name."""
    routed = [address for family in ANYWHERE if (address := _routed(family))]
    yield from routed
    if not routed:
        with suppress(OSError):
            for *_, found in socket.getaddrinfo(socket.gethostname(), None, type=socket.SOCK_STREAM):
                yield str(found[0]).partition("%")[0]


def _routed(family: socket.AddressFamily) -> str | None:
    with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as out:
        out.connect((ANYWHERE[family], 9))  # of a datagram socket, this only looks up the way
        return str(out.getsockname()[0]).partition("%")[0]
    return None


def _has_mdns_responder() -> bool:
    """Whether something here answers to its name in .local: macOS and Windows do, Linux by Avahi."""
    return sys.platform in ("darwin", "win32") or Path("/run/avahi-daemon/socket").exists()


def _family(address: str) -> socket.AddressFamily:
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def url(host: str, port: int) -> str:
    """The page's address on a host."""
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def own_url(host: str, port: int) -> str:
    """The page's address for a browser on this machine."""
    return url({"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host), port)


def class_urls(
    host: str, port: int, network: Network, families: frozenset[socket.AddressFamily]
) -> list[str]:
    """The page's addresses for other machines, where it listens on this host in these families."""
    if host not in EVERY:
        return [url(host, port)] if leads_here(host) else []
    found = [address for address in network.addresses if _family(address) in families]
    return [url(each, port) for each in (*found, *([network.name] if network.name and found else []))]


def families_of(listener: socket.socket) -> frozenset[socket.AddressFamily]:
    """The families whose connections a listening socket takes: one for IPv6 may take both."""
    if listener.family is socket.AF_INET:
        return frozenset({socket.AF_INET})
    alone = listener.getsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY)
    return frozenset({socket.AF_INET6} if alone else {socket.AF_INET, socket.AF_INET6})


ONLY_HERE = "Only this machine reaches it. For a class: make run HOST=0.0.0.0 (descentscape --host 0.0.0.0)"
CONTAINER = (
    "It seems to run in a container: a class opens the machine around it, at the port that is published."
)
NOWHERE = "This machine seems to be in no network that a class could reach it by: see descentscape doctor."


def greeting(listener: socket.socket, network: Network) -> str:
    """What is said at the start: where the page is, and what to give to a class."""
    host, port = listener.getsockname()[:2]
    first = f"Descentscape is at {own_url(host, port)} (Ctrl+C ends it)"
    return f"{first}\n{for_a_class(host, port, network, families_of(listener))}"


def for_a_class(host: str, port: int, network: Network, families: frozenset[socket.AddressFamily]) -> str:
    """What a class opens, or why it cannot."""
    urls = class_urls(host, port, network, families)
    if host in EVERY and network.in_container:
        return CONTAINER
    if urls:
        return f"A class on this network opens {' or '.join(urls)}"
    return NOWHERE if host in EVERY else ONLY_HERE
