"""What whoever runs the service may set, each from an environment variable with a default for a classroom."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import BaseSettings, NoDecode

from descentscape.api.ops.control_groups import cores
from descentscape.compute.descents import CACHED
from descentscape.core.data.store import DEFAULT_BUDGET
from descentscape.core.errors import InvalidValue

PREFIX = "DESCENTSCAPE_"

MOST_PROCESSES = 64

Count = Annotated[int, Field(gt=0, le=10**6)]
Bytes = Annotated[int, Field(gt=0, le=2**50)]
Seconds = Annotated[float, Field(gt=0, le=10**9)]
Rate = Annotated[float, Field(gt=0, le=10**6)]
Workers = Annotated[int, Field(gt=0, le=MOST_PROCESSES)]
Names = Annotated[tuple[str, ...], NoDecode]
"""What has no end would be no bound, and more than timers and the system's own limits take."""

MOST_UNASKED_THREADS = 2
"""One goes on while another computes; more wait for the interpreter's lock."""

MAX_ANCESTORS = 20
ANCESTORS = f"at most {MAX_ANCESTORS} origins like https://lms.example or https://*.school.example"
ORIGINS = "origins like https://class.example.org"
HOSTS = "host names like class.example.org or *.example.org"
_ANCESTOR = re.compile(r"(?i)https?://(\*\.)?[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?", re.ASCII)
"""A scheme, a name, perhaps with any before it, and a port: what CSP calls a host source, without a path."""

_ORIGIN = re.compile(r"(?i)[a-z][a-z0-9+.-]*://(\[[0-9a-f:.]+\]|[a-z0-9_.-]{1,253})(?::\d{1,5})?", re.ASCII)
"""As a browser sends it: a scheme, a name or an address, and a port, without a path."""

_HOST = re.compile(r"(?i)[a-z0-9_*](?:[a-z0-9_.*-]{0,251}[a-z0-9_*])?", re.ASCII)
"""A name without scheme and port, of which stars may stand for parts."""

SETTING_CONSTRAINTS = {
    "greater_than": "more than {gt}",
    "less_than_equal": "at most {le}",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "float_parsing": "a number",
    "string_pattern_mismatch": "empty or a path like /descentscape",
    "literal_error": "{expected}",
}


class Settings(BaseSettings, env_prefix=PREFIX, frozen=True):
    """The service's settings; what is not given is read from ``DESCENTSCAPE_<NAME>``."""

    hosts: Names = ()
    """Further host names that the service answers to (``class.example.org``, ``*.example.org``, ``*``)."""

    origins: Names = ()
    """Further origins whose pages may open the stream (``https://class.example.org``)."""

    frame_ancestors: Names = ()
    """Origins whose pages may embed this one in a frame (``https://lms.example``), beside its own."""

    root_path: str = Field("", pattern="^(/[A-Za-z0-9._~-]+)*$")
    """The path below which a proxy publishes the service, such as ``/descentscape``."""

    connections: Count = 1000
    """Connections open at once; of those that ask for nothing the oldest goes where another comes."""

    connections_per_address: Count = 900
    """Connections open at once from one address: a class behind one opens half a dozen each."""

    head_bytes: Bytes = 1 << 14
    """The largest request line and headers, in bytes."""

    head_seconds: Seconds = 10.0
    """How long a request line and headers may take to arrive."""

    body_seconds: Seconds = 30.0
    """How long a request body, or a message of a stream, may take to arrive."""

    sockets: Count = 240
    """Streams open at once."""

    sockets_per_address: Count = 120
    """Streams open at once from one address: a whole classroom may share one."""

    messages_per_second: Rate = 100.0
    """How fast one stream's messages are read in the long run; what comes faster waits.

    One of more than 16 kB counts as several.
    """

    body_bytes: Bytes = 1 << 20
    """The largest request body, and the largest message of a stream, in bytes."""

    upload_bytes: Bytes = 1 << 26
    """The largest file that a call takes, in bytes: a table, or a trained model."""

    uploads_bytes: Bytes = 1 << 28
    """Bytes of files that all clients together may have sent that are not read yet."""

    store: str = ""
    """Where data are kept that documents name: a folder, or the address of a Redis; empty: while it runs."""

    store_bytes: Bytes = DEFAULT_BUDGET
    """Bytes of such data that are kept; what nobody asks for goes first. Of a Redis, bytes of each."""

    store_seconds: Annotated[int, Field(gt=0, le=10**9)] = 30 * 86_400
    """How long Redis keeps data that nobody asks for."""

    helper_bytes: Bytes = 1 << 30
    """Bytes of memory that reading or writing a file may take, in a process beside each that serves."""

    helper_seconds: Seconds = 60.0
    """How long reading or writing a file may take there."""

    fragments_per_second: Rate = 500.0
    """How many fragments, pings and pongs a stream may send a second in the long run."""

    inbox_bytes: Bytes = 1 << 26
    """Bytes of messages that all streams together may have sent before they are read."""

    outbox_bytes: Bytes = 1 << 28
    """Bytes of answers and frames that all clients together may leave unread."""

    send_seconds: Seconds = 30.0
    """How long a client may leave a frame, or 64 kB of an answer, unread before it is given up."""

    answer_seconds: Seconds = 600.0
    """How long a client may take to read an answer that its connection's buffers do not hold."""

    idle_seconds: Seconds = 3600.0
    """How long a stream may stay silent in both directions before it is closed."""

    processes: Workers | None = None
    """Processes that serve; one for each core, at most 4, where a class comes over the network, else one."""

    threads: Workers = Field(default_factory=lambda: min(cores(), MOST_UNASKED_THREADS))
    """Threads that compute in each process: one a core, at most 2."""

    compute_seconds: Seconds = 60.0
    """The longest computation that is begun, in seconds of one core, as the cost model estimates it."""

    memory_bytes: Bytes = 1 << 30
    """Bytes that the descents of all streams and calls may take together; the cache comes beside."""

    cache_bytes: Bytes = CACHED
    """Bytes of descents that are held for asking again."""

    calls: Count = 64
    """REST computations admitted at once; more are told to come back."""

    calls_per_address: Count = 48
    """REST computations admitted at once from one address."""

    log: Literal["console", "json"] = "console"
    """How a line of the log is written."""

    @field_validator("hosts", "origins", "frame_ancestors", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        """Names that are separated by commas, as a variable has them."""
        return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value

    @field_validator("hosts")
    @classmethod
    def _name_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """What no host is called would be listed in vain."""
        if not all(map(_HOST.fullmatch, value)):
            raise PydanticCustomError("hosts", HOSTS)
        return value

    @field_validator("origins")
    @classmethod
    def _name_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """In lower case, as browsers send them."""
        if not all(map(_ORIGIN.fullmatch, value)):
            raise PydanticCustomError("origins", ORIGINS)
        return tuple(map(str.lower, value))

    @field_validator("frame_ancestors")
    @classmethod
    def _name_ancestors(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        """They become part of a header: nothing but origins, and not too many."""
        if len(value) > MAX_ANCESTORS or not all(map(_ANCESTOR.fullmatch, value)):
            raise PydanticCustomError("ancestors", ANCESTORS)
        return value


def read_settings(**given: Any) -> Settings:
    """The settings of the environment and those given; InvalidValue naming the variable and its bound."""
    try:
        return Settings(**given)
    except ValidationError as error:
        wrong = error.errors()[0]
        constraint = SETTING_CONSTRAINTS.get(wrong["type"], wrong["msg"]).format_map(wrong.get("ctx", {}))
        raise InvalidValue(f"{PREFIX}{str(wrong['loc'][0]).upper()}", constraint, wrong["input"]) from None


def unknown_variables(environment: Iterable[str]) -> tuple[str, ...]:
    """The names that look like a setting's and are none's, as one that is mistyped."""
    known = {f"{PREFIX}{name.upper()}" for name in Settings.model_fields}
    return tuple(
        sorted(name for name in environment if name.upper().startswith(PREFIX) and name.upper() not in known)
    )
