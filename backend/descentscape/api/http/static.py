"""The page's files, and Plotly from the installed package, with the caching that each deserves."""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import importlib.util
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock, Thread

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from descentscape.api.http.payloads import accepts_gzip
from descentscape.api.ops.errors import EXHAUSTED
from descentscape.output.packs import pack_name, packed
from descentscape.output.player import PLAYER, TEXTS, player_template

MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".webp": "image/webp",
    ".ico": "image/x-icon",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
"""What the page may consist of; a file of any other kind is not served."""

COMPRESSIBLE = ("text/", "application/", "image/svg")
SMALLEST_COMPRESSED = 512
REVALIDATE = "no-cache"
IMMUTABLE = "public, max-age=31536000, immutable"
PLOTLY_TOKEN = "{{plotly}}"
"""Stands in index.html for the address of plotly.min.js, which names its version."""

_NAME = re.compile(r"(?=.{1,255}\Z)(?:[\w-][\w.-]*/)*[\w-][\w.-]*", re.ASCII)
"""A path of visible names: nothing hidden, absolute or upward.

Its letters take a byte each, and no more of them than a file system allows one name.
"""

_ENTRY = re.compile(r'(<script src=")([^"]+)(" type="module")')
_STYLES = re.compile(r'(?:\s*<link rel="stylesheet" href="[^"]+">)+')
_HREF = re.compile(r'href="([^"]+)"')


@dataclass(frozen=True)
class Asset:
    """A file in memory, ready to be sent: as it is, and compressed where that is smaller."""

    body: bytes
    gzipped: bytes | None
    media_type: str
    tag: str
    cache_control: str

    def response(self, request: Request) -> Response:
        """The answer to a GET or HEAD: 304 where the browser has it, compressed where it may be."""
        headers = {"ETag": self.tag, "Cache-Control": self.cache_control, "Vary": "Accept-Encoding"}
        if self.tag in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        if self.gzipped is None or not accepts_gzip(request):
            return Response(self.body, headers=headers, media_type=self.media_type)
        headers["Content-Encoding"] = "gzip"
        return Response(self.gzipped, headers=headers, media_type=self.media_type)


def asset(body: bytes, media_type: str, cache_control: str = REVALIDATE) -> Asset:
    """An asset of these bytes; compressing is work, so this belongs on a thread."""
    worthwhile = media_type.startswith(COMPRESSIBLE) and len(body) >= SMALLEST_COMPRESSED
    gzipped = gzip.compress(body, 6, mtime=0) if worthwhile else None
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    return Asset(body, gzipped, media_type, tag, cache_control)


class Plotly:
    """plotly.min.js of the installed plotly package, under an address that names its version.

    It is compressed once, in the background; until that is done it is sent as it is.
    """

    def __init__(self) -> None:
        self.address = f"vendor/plotly-{importlib.metadata.version('plotly')}.min.js"
        body = _plotly_file().read_bytes()
        tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
        self._asset = Asset(body, None, MEDIA_TYPES[".js"], tag, IMMUTABLE)
        Thread(target=self._compress, name="compress plotly", daemon=True).start()

    async def endpoint(self, request: Request) -> Response:
        """Answer a GET of the versioned address."""
        return self._asset.response(request)

    def _compress(self) -> None:
        self._asset = asset(self._asset.body, self._asset.media_type, IMMUTABLE)


@cache
def installed_plotly() -> Plotly:
    """The one of this process."""
    return Plotly()


def _plotly_file() -> Path:
    spec = importlib.util.find_spec("plotly")
    if spec is None or spec.origin is None:
        raise FileNotFoundError("plotly must be installed")
    return Path(spec.origin).parent / "package_data" / "plotly.min.js"


def page_routes(folder: Path) -> list[BaseRoute]:
    """A route for everything that lies in the page's folder, for its index, and for Plotly."""
    plotly = installed_plotly()

    def index(request: Request) -> Response:
        return page(folder)["index.html"].response(request)

    def player(request: Request) -> Response:
        found = page(folder).get(PLAYER)
        if found is None:
            raise HTTPException(404)
        return found.response(request)

    def pack(request: Request) -> Response:
        found = page(folder).get(request.path_params["path"])
        if found is None or found.cache_control != IMMUTABLE:
            raise HTTPException(404)
        return found.response(request)

    routes: list[BaseRoute] = [
        Route("/", index, name="page"),
        Route("/index.html", index, name="page"),
        Route(f"/{PLAYER}", player, name="page"),
        Route("/packs/{path:path}", pack, name="page"),
        Route(f"/{plotly.address}", plotly.endpoint, name="plotly"),
    ]
    for entry in sorted(folder.iterdir()):
        if entry.is_dir() and not entry.name.startswith("."):
            routes.append(Route(f"/{entry.name}/{{path:path}}", _folder_endpoint(entry), name="page"))
        elif entry.suffix in MEDIA_TYPES and entry.name not in {"index.html", PLAYER}:
            routes.append(Route(f"/{entry.name}", _file_endpoint(entry), name="page"))
    return routes


def page(folder: Path) -> Mapping[str, Asset]:
    """The page as its files are now: its index, and its modules and styles joined into the few that it names.

    What is joined has its contents' digest in its address, so that a browser keeps it, and asks for nothing
    but the index when it comes again.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in TEXTS and _NAME.fullmatch(path.name))
    stamps = tuple((path, path.stat().st_mtime_ns) for path in files)
    with _joining:
        return _page(folder, stamps)


_joining = Lock()
"""The first visitor waits for what is being joined already, and does not do it once more."""


@lru_cache(maxsize=8)
def _page(folder: Path, stamps: tuple[tuple[Path, int], ...]) -> Mapping[str, Asset]:
    texts = {path.relative_to(folder).as_posix(): path.read_text("utf-8") for path, _ in stamps}
    index = texts["index.html"].replace(PLOTLY_TOKEN, installed_plotly().address)
    files: dict[str, str] = {}
    modules = {name: text for name, text in texts.items() if name.endswith(".js")}
    for pack in packed(modules, tuple(matched[2] for matched in _ENTRY.finditer(index))):
        files |= {pack.name: pack.code, f"{pack.name}.map": pack.source_map}
    if styles := _STYLES.search(index):
        files["page.css"] = "\n".join(texts[name] for name in _HREF.findall(styles[0]))
    digest = hashlib.sha256("".join(files.values()).encode()).hexdigest()[:12]
    index = _ENTRY.sub(lambda entry: f"{entry[1]}packs/{digest}/{pack_name(entry[2])}{entry[3]}", index)
    index = _STYLES.sub(f'\n  <link rel="stylesheet" href="packs/{digest}/page.css">', index, count=1)
    joined = {
        f"{digest}/{name}": asset(text.encode(), MEDIA_TYPES[Path(name).suffix], IMMUTABLE)
        for name, text in files.items()
    }
    whole = {"index.html": index} | ({PLAYER: player_template(texts)} if PLAYER in texts else {})
    return {name: asset(text.encode(), MEDIA_TYPES[".html"]) for name, text in whole.items()} | joined


def _file_endpoint(path: Path) -> Callable[[Request], Response]:
    def endpoint(request: Request) -> Response:
        return _load(path, path.parent).response(request)

    return endpoint


def _folder_endpoint(folder: Path) -> Callable[[Request], Response]:
    root = folder.resolve()

    def endpoint(request: Request) -> Response:
        name = request.path_params["path"]
        if not _NAME.fullmatch(name):
            raise HTTPException(404)
        return _load(root / name, root).response(request)

    return endpoint


def _load(path: Path, root: Path) -> Asset:
    """The file, if the page may consist of it and it lies below the root, where no link leads out of it.

    What cannot be read as a file is not there: a folder, a loop of links, a device of Windows. OSError only
    where the machine has run out of something.
    """
    try:
        real = path.resolve()
        if path.suffix in MEDIA_TYPES and real.is_relative_to(root.resolve()) and real.is_file():
            return _read(path, path.stat().st_mtime_ns)
    except (OSError, RuntimeError) as error:  # Python before 3.13 calls a loop of links a RuntimeError
        if isinstance(error, OSError) and error.errno in EXHAUSTED:
            raise
    raise HTTPException(404)


@lru_cache(maxsize=512)
def _read(path: Path, _changed: int) -> Asset:
    return asset(path.read_bytes(), MEDIA_TYPES[path.suffix])
