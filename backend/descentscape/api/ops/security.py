"""Who may talk to the service, and what its pages may do.

A class opens http://192.168.1.20:8000 or http://teacher.local:8000, so those must work without set-up; a page
on evil.example whose name was re-bound to this machine must not. What tells them apart is the Host header:
an address, a name without a dot, or a name in a zone that public DNS does not serve cannot have been re-bound
from outside. Every other name must be listed in ``Settings.hosts``.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence
from fnmatch import fnmatchcase

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from descentscape.api.ops.errors import ProblemError
from descentscape.api.ops.settings import Settings

LONGEST_REASON = 123
"""Bytes that a stream's closing frame has for its reason (RFC 6455, 5.5)."""

PRIVATE_ZONES = (".localhost", ".local", ".internal", ".home.arpa")
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_](?:[a-z0-9_.-]{0,251}[a-z0-9_])?)\.?(?::(\d{1,5}))?")
_DEFAULT_PORTS = {"http": "80", "https": "443"}


def host_name(header: str) -> str | None:
    """The name or address in a Host header, lower case, without port and brackets; None if malformed."""
    matched = _HOST.fullmatch(header.lower())
    return matched[1].strip("[]") if matched else None


def is_own_host(name: str, further: tuple[str, ...]) -> bool:
    """Whether a name cannot belong to a stranger's page: see the module's words."""
    if _is_address(name) or "." not in name or name.endswith(PRIVATE_ZONES):
        return True
    return name == socket.gethostname().lower() or any(fnmatchcase(name, entry.lower()) for entry in further)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def is_own_origin(origin: str, host: str, further: tuple[str, ...]) -> bool:
    """Whether a page of this origin is one that this host served, or is listed."""
    if origin in further:
        return True
    scheme, _, authority = origin.lower().partition("://")
    port = _DEFAULT_PORTS.get(scheme)
    page, service = _HOST.fullmatch(authority), _HOST.fullmatch(host.lower())
    if port is None or page is None or service is None:
        return False
    return (page[1], page[2] or port) == (service[1], service[2] or port)


class Guard:
    """Refuses requests for a stranger's host name, and streams that a stranger's page opens."""

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or answer it with the problem."""
        problem = self._problem(scope) if scope["type"] in ("http", "websocket") else None
        if problem is None:
            await self._app(scope, receive, send)
        else:
            await refuse(problem, scope, receive, send)

    def _problem(self, scope: Scope) -> ProblemError | None:
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        name = host_name(hosts[0]) if len(hosts) == 1 else None
        # A client that names no host at all is not a browser.
        if hosts and (name is None or not is_own_host(name, self._settings.hosts)):
            shown = hosts[0][:80]
            return ProblemError(
                421, f"host must be one this service knows (DESCENTSCAPE_HOSTS), got {shown!r}"
            )
        origin = headers.get("origin")
        if scope["type"] == "websocket" and origin is not None:
            return self._origin_problem(origin, headers.get("host", ""))
        return None

    def _origin_problem(self, origin: str, host: str) -> ProblemError | None:
        if is_own_origin(origin, host, self._settings.origins):
            return None
        return ProblemError(
            403, f"origin must be this host’s (or in DESCENTSCAPE_ORIGINS), got {origin[:80]!r}"
        )


async def refuse(problem: ProblemError, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the problem, a stream before it is accepted included."""
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await problem.response()(scope, receive, send)
    else:
        reason = problem.detail.encode()[:LONGEST_REASON].decode(errors="ignore")
        await send({"type": "websocket.close", "code": 1008, "reason": reason})


class SecurityHeaders:
    """Adds the headers that keep a page to itself to every answer that does not set its own."""

    def __init__(self, app: ASGIApp, frame_ancestors: Sequence[str] = ()) -> None:
        self._app, self._ancestors = app, frame_ancestors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, with the headers added to the answer, that to a refused stream included."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                headers = MutableHeaders(scope=message)
                is_page = headers.get("content-type", "").startswith("text/html")
                for name, value in security_headers(scope, self._ancestors if is_page else ()).items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send if scope["type"] == "lifespan" else send_with_headers)


UNUSED = ("accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation",
          "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi",
          "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb",
          "xr-spatial-tracking")  # fmt: skip
"""What of a browser the page has no use for, and nobody may use in its name."""


def security_headers(scope: Scope, frame_ancestors: Sequence[str] = ()) -> dict[str, str]:
    """Content security policy and its companions for an answer to this request.

    Pages of these origins may embed it, beside its own; one that is isolated (COEP) may do so only where the
    resource policy says so too, and what it embeds is isolated itself.
    """
    host = Headers(scope=scope).get("host", "")
    headers = {
        "Content-Security-Policy": content_security_policy(host if host_name(host) else "", frame_ancestors),
        "Cross-Origin-Resource-Policy": "cross-origin" if frame_ancestors else "same-origin",
        "Permissions-Policy": ", ".join(f"{feature}=()" for feature in UNUSED),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    if frame_ancestors:
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"
    else:
        headers["X-Frame-Options"] = "SAMEORIGIN"  # which has no way to name others
    if scope["scheme"] in ("https", "wss") or _is_loopback(host_name(host)):
        # On plain http elsewhere browsers ignore it, and say so as an error in the console. It is about
        # windows, not about frames.
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
    return headers


def content_security_policy(host: str, frame_ancestors: Sequence[str] = ()) -> str:
    """What the page may load: its own files, its own stream, pictures made in place; and who may embed it.

    Plotly sets style attributes; the stream is named in full because older browsers do not take ``'self'``
    to mean ws: too.
    """
    stream = f" ws://{host} wss://{host}" if host else ""
    return (
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; "
        "img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; worker-src 'self' blob:; "
        f"connect-src 'self'{stream}; base-uri 'none'; form-action 'none'; "
        + " ".join(["frame-ancestors 'self'", *frame_ancestors])
    )


def _is_loopback(name: str | None) -> bool:
    if name is None:
        return False
    if _is_address(name):
        return ipaddress.ip_address(name).is_loopback
    return name == "localhost" or name.endswith(".localhost")
