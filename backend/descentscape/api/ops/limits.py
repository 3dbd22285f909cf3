"""How much one client, and all of them together, may take: bodies, streams, messages."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from starlette.requests import Request

from descentscape.api.ops.byte_pool import ByteShare
from descentscape.api.ops.errors import ProblemError
from descentscape.document.field_errors import FieldError

JSON_MEDIA_TYPES = ("application/json",)


async def read_json_body(request: Request, limit: int) -> bytes:
    """The request's JSON, refused with 415 or 413 as early as can be told."""
    media_type = media_type_of(request)
    if media_type not in JSON_MEDIA_TYPES:
        raise ProblemError(415, f"content-type must be application/json, got {media_type[:80]!r}")
    return b"".join(await _read_body(request, limit))


def media_type_of(request: Request) -> str:
    """The media type of a request's body, in lower case and without parameters."""
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


async def read_file(request: Request, limit: int, share: ByteShare) -> list[bytes]:
    """The file that a request's body is, in the pieces that came, refused with 413 as early as can be told.

    To join them would keep others waiting, as long as the file may be.

    What has come is held of the share, and is refused with 503 where all files together are too many.
    """

    def hold(nbytes: int) -> None:
        share.hold(nbytes)
        if share.full:
            message = "Too many files are being sent at once: come back later."
            raise ProblemError(503, message, headers={"Retry-After": "10", "Connection": "close"})

    return await _read_body(request, limit, hold)


async def _read_body(
    request: Request, limit: int, hold: Callable[[int], None] = lambda nbytes: None
) -> list[bytes]:
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limit:
        raise too_large(limit, int(declared))
    pieces, size = list[bytes](), 0
    async for piece in request.stream():
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise too_large(limit, size)
        hold(size)
    return pieces


def too_large(limit: int, size: int) -> ProblemError:
    """The problem of a body or message over the limit."""
    error = FieldError("body", f"must be at most {limit} bytes, got {size}", limit)
    return ProblemError(413, str(error), errors=[error], headers={"Connection": "close"})


class ConnectionLimit:
    """Counts the streams (or whatever else) that are open, and refuses the one too many."""

    def __init__(self, what: str, total: int, per_address: int) -> None:
        self._what = what
        self._total = total
        self._per_address = per_address
        self._taken: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._taken.total()

    @contextmanager
    def take(self, address: str) -> Iterator[None]:
        """Hold one place while the stream is open; raises ProblemError where there is none."""
        if len(self) >= self._total:
            raise self._refusal(503, f"{self._what} at once", self._total)
        if self._taken[address] >= self._per_address:
            raise self._refusal(429, f"{self._what} from one address", self._per_address)
        self._taken[address] += 1
        try:
            yield
        finally:
            self._taken[address] -= 1
            self._taken += Counter()

    def _refusal(self, status: int, what: str, limit: int) -> ProblemError:
        error = FieldError(what, f"must be at most {limit}, got one more", limit)
        return ProblemError(status, str(error), errors=[error], headers={"Retry-After": "10"})


class TokenBucket:
    """A token bucket: ``wait(now)`` says how long the next message has to wait to keep the rate.

    Up to two seconds' worth may come at once. Waiting instead of refusing lets TCP slow the sender down.
    """

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._burst = max(1.0, 2 * rate)
        self._tokens = self._burst
        self._seen: float | None = None

    def wait(self, now: float, tokens: float = 1.0) -> float:
        """Spend tokens at the time ``now``; the seconds to wait before the message is taken."""
        elapsed = 0.0 if self._seen is None else now - self._seen
        self._seen = now
        self._tokens = min(self._burst, self._tokens + elapsed * self._rate) - tokens
        return max(0.0, -self._tokens / self._rate)
