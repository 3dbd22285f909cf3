"""An exploration on a page of its own: live slices through a foreign model, sampled as one looks."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cache
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from time import perf_counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]
from pydantic_core import to_json

from descentscape.core.errors import InvalidValue
from descentscape.explorations.exploration import Exploration
from descentscape.showing.shown import Shown

HOST = "127.0.0.1"

CONFIG = {"showSendToCloud": False, "plotlyServerURL": "", "displaylogo": False, "responsive": True}
"""What the page hands to Plotly: nothing leaves it."""

SECONDS = 0.4
"""How long a surface is sampled before it is drawn as it is."""

RESOLUTIONS = (15, 31, 51, 101, 201)
STAGES, HEIGHTS = ("3d", "contour"), ("linear", "log")

Answer = tuple[str, bytes]
"""A media type, and what is sent."""

PLANES: Mapping[str, Callable[[Exploration, tuple[int, int]], Exploration]] = {
    "pca": lambda explored, at: explored.pca(),
    "filter": lambda explored, at: explored.random("filter", origin=explored.laying.theta_of(at[1], at[0])),
    "layer": lambda explored, at: explored.random("layer", origin=explored.laying.theta_of(at[1], at[0])),
    "random": lambda explored, at: explored.random("none", origin=explored.laying.theta_of(at[1], at[0])),
    "hessian": lambda explored, at: explored.hessian(explored.laying.theta_of(at[1], at[0])),
}
"""The planes that can be chosen, through a step of a run: (run, step)."""

LABELS = {
    "as given": "as given",
    "pca": "PCA of the runs",
    "filter": "random, by filter",
    "layer": "random, by layer",
    "random": "random, orthonormal",
    "hessian": "extreme curvatures",
}


class Slices:
    """The pictures of an exploration that can be asked for, one at a time: a model is no one's but one's."""

    def __init__(self, exploration: Exploration) -> None:
        self._exploration, self._lock = exploration, Lock()
        self._seen: dict[tuple[object, ...], Exploration] = {}

    def about(self) -> dict[str, Any]:
        """What there is to choose from."""
        explored = self._exploration
        runs = [{"label": run.label, "steps": run.track.steps.tolist()} for run in explored.laying.runs]
        planes = {
            name: label for name, label in LABELS.items() if name == "as given" or explored.parameters > 2
        }
        return {
            "label": explored.label,
            "said": explored.said,
            "runs": runs,
            "planes": planes,
            "resolutions": RESOLUTIONS,
        }

    def picture(self, wanted: Mapping[str, str]) -> dict[str, Any]:
        """The figure of a plane as far as its surface is sampled, which goes on for a moment.

        Raises InvalidValue for what is not among the choices.
        """
        plane = _chosen(wanted, "plane", ("as given", *PLANES))
        stage = _chosen(wanted, "stage", STAGES)
        height = _chosen(wanted, "height", HEIGHTS)
        resolution = int(_chosen(wanted, "resolution", tuple(map(str, RESOLUTIONS))))
        at = _number(wanted, "run"), _number(wanted, "step")
        with self._lock:
            seen = self._in(plane, at)
            sampling = seen.sampling(resolution)
            began = perf_counter()

            def tell(done: int, total: int) -> None:
                if perf_counter() - began > SECONDS and sampling.levels:
                    sampling.stop()

            if not sampling.complete:
                sampling.run(progress=tell)
            figure = seen.figure(
                "contour" if stage == "contour" else "3d",
                surface=sampling.coarse(),
                height="log" if height == "log" else "linear",
            )
        return {"figure": figure.to_plotly_json(), "done": sampling.done, "total": sampling.total}

    def _in(self, plane: str, at: tuple[int, int]) -> Exploration:
        """The exploration in a plane, the same one each time, with what is sampled of it."""
        if plane == "as given":
            return self._exploration
        key = (plane,) if plane == "pca" else (plane, *at)
        if key not in self._seen:
            self._seen[key] = PLANES[plane](self._exploration, at)
        return self._seen[key]


def _chosen(wanted: Mapping[str, str], name: str, choices: tuple[str, ...]) -> str:
    found = wanted.get(name, choices[0])
    if found not in choices:
        raise InvalidValue(name, f"one of {', '.join(choices)}", found)
    return found


def _number(wanted: Mapping[str, str], name: str) -> int:
    text = wanted.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidValue(name, "a whole number", text)
    return int(text)


def show_exploration(exploration: Exploration) -> Shown:
    """Serve the exploration on a free port of this machine, below a path that no other page can guess."""
    token = secrets.token_urlsafe(16)
    server = ThreadingHTTPServer((HOST, 0), _handler(Slices(exploration), f"/{token}/"))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, name="descentscape exploration", daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        thread.join()
        server.server_close()

    return Shown(f"http://{HOST}:{server.server_port}/{token}/", end)


def _handler(slices: Slices, root: str) -> type[BaseHTTPRequestHandler]:
    routes: dict[str, Callable[[Mapping[str, str]], Answer]] = {
        "": lambda _: ("text/html; charset=utf-8", _page()),
        "plotly.js": lambda _: ("text/javascript; charset=utf-8", _plotly()),
        "about": lambda _: ("application/json", to_json(slices.about())),
        "picture": lambda wanted: (
            "application/json",
            to_json(
                slices.picture(wanted) | {"config": CONFIG},
                inf_nan_mode="null",
                serialize_unknown=True,
                fallback=lambda value: value.tolist(),
            ),
        ),
    }

    class Handler(BaseHTTPRequestHandler):
        """Answers by the routes; a page of another origin neither knows the path nor has this host."""

        def do_GET(self) -> None:
            """Answer a question, or say in a sentence why not."""
            asked = urlsplit(self.path)
            route = routes.get(asked.path.removeprefix(root)) if asked.path.startswith(root) else None
            if route is None or self.headers.get("Host") not in {
                None,
                f"{HOST}:{self.connection.getsockname()[1]}",
            }:
                self._send(HTTPStatus.NOT_FOUND, "text/plain; charset=utf-8", b"There is nothing here.")
                return
            try:
                self._send(HTTPStatus.OK, *route(dict(parse_qsl(asked.query))))
            except InvalidValue as error:
                self._send(HTTPStatus.UNPROCESSABLE_ENTITY, "text/plain; charset=utf-8", str(error).encode())
            except Exception as error:
                said = f"The model’s cost raised {type(error).__name__}: {error}"
                self._send(HTTPStatus.UNPROCESSABLE_ENTITY, "text/plain; charset=utf-8", said.encode())

        def _send(self, status: HTTPStatus, media_type: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("X-Content-Type-Options", "nosniff")
            self.send_header("Referrer-Policy", "no-referrer")
            # Who has closed the page, or asked for another picture, is no longer there to be answered.
            with suppress(ConnectionError):
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: it is a notebook that would have to read it."""

    return Handler


@cache
def _plotly() -> bytes:
    return str(get_plotlyjs()).encode()


@cache
def _page() -> bytes:
    return Path(__file__).with_name("exploration.html").read_bytes()
