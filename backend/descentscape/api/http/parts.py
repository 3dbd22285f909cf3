"""Answers in parts, so that no more of one is in a connection's buffers than its client is about to read."""

from __future__ import annotations

from starlette.types import ASGIApp, Message, Receive, Scope, Send

PART = 1 << 16
"""Bytes of a part: as many as a transport buffers before it makes the sender wait."""


class InParts:
    """Sends every body in parts; the server library takes the next one when the last is on its way."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on, a body part by part."""

        async def send_in_parts(message: Message) -> None:
            body = message.get("body", b"")
            for start in range(0, max(len(body), 1), PART):
                more = message.get("more_body", False) or start + PART < len(body)
                await send({**message, "body": body[start : start + PART], "more_body": more})

        async def send_message(message: Message) -> None:
            await (send_in_parts if message["type"] == "http.response.body" else send)(message)

        await self._app(scope, receive, send_message if scope["type"] == "http" else send)
