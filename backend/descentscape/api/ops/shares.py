"""How many processes serve, and what each of them takes of what the settings allow to all."""

from __future__ import annotations

from ipaddress import ip_address

from descentscape.api.ops.control_groups import cores
from descentscape.api.ops.settings import Settings

UNASKED_PROCESSES = 4
"""As many as are begun without being asked for: each takes 240 MB before anybody has opened anything."""

SHARED = ("memory_bytes", "cache_bytes", "inbox_bytes", "outbox_bytes", "uploads_bytes")
"""Settings that hold for all processes together."""


def counted(settings: Settings, host: str) -> Settings:
    """The settings with the number of processes, where that was left open.

    A class, which comes over the network, has a process for each core, since threads of one process share
    the interpreter's lock; whoever alone reaches the service has one, which remembers all that was computed.
    """
    processes = settings.processes or (1 if _only_here(host) else min(cores(), UNASKED_PROCESSES))
    return settings.model_copy(update={"processes": processes})


def of_each(settings: Settings) -> Settings:
    """The settings of each of the processes: its share of what all of them may take together."""
    processes = settings.processes or 1
    shares = {name: max(1, getattr(settings, name) // processes) for name in SHARED}
    return settings.model_copy(update=shares)


def _only_here(host: str) -> bool:
    """Whether nobody but this machine reaches what listens there."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
