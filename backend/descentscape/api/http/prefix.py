"""The service below a path of another server, whether that one strips the path or passes it on."""

from __future__ import annotations

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send


class Prefix:
    """Tells the application which part of a request's path is ``root_path``.

    The page's addresses are relative to ``/descentscape/``, so ``/descentscape`` is sent on there.
    """

    def __init__(self, app: ASGIApp, root_path: str) -> None:
        self._app = app
        self._root_path = root_path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, its path complete."""
        if scope["type"] == "lifespan" or not self._root_path:
            await self._app(scope, receive, send)
        elif scope["type"] == "http" and scope["path"] == self._root_path:
            query = f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else ""
            await RedirectResponse(f"{self._root_path}/{query}", 308)(scope, receive, send)
        else:
            whole = {"root_path": self._root_path, "path": self._whole(scope)}
            await self._app({**scope, **whole}, receive, send)

    def _whole(self, scope: Scope) -> str:
        path: str = scope["path"]
        return path if path.startswith(f"{self._root_path}/") else self._root_path + path
