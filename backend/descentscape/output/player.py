"""The page that plays by itself: the parts of the page that need no service, joined into one file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from plotly.offline import get_plotlyjs  # type: ignore[import-untyped]

from descentscape.output.packs import packed

PLAYER = "player.html"
"""The file as it lies among the page's: its parts stand for what is joined into it."""

ENTRY = "js/app/alone.js"
TEXTS = (".html", ".js", ".css")

_STYLESHEET = re.compile(r'<link rel="stylesheet" href="([^"]+)"')
_MARK = re.compile(r"\{\{(\w+)\}\}")
_MAP = re.compile(r"^//# sourceMappingURL=.*\n", re.MULTILINE)


def page_folder() -> Path:
    """Where the page's files are: inside the installed package, or ``frontend/`` of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "page"
    return installed if installed.is_dir() else package.parents[1] / "frontend"


def player_template(texts: Mapping[str, str]) -> str:
    """The page with its styles and modules, of the page's files by path, but no recording yet."""
    modules = {name: text for name, text in texts.items() if name.endswith(".js")}
    (pack,) = packed(modules, (ENTRY,))
    styles = [*_STYLESHEET.findall(texts["index.html"]), "styles/alone.css"]
    parts = {"styles": "\n".join(texts[name] for name in styles), "script": _MAP.sub("", pack.code)}
    return _filled(texts[PLAYER], parts)


def player_page(recording: str) -> bytes:
    """The page that plays a recording, a JSON text, with all of plotly.js in it."""
    # What a name or a formula says must not end the element that it stands in.
    parts = {"plotly": get_plotlyjs(), "recording": recording.replace("<", "\\u003c")}
    return _filled(_installed(), parts).encode()


def _filled(page: str, parts: Mapping[str, str]) -> str:
    """The page with these of its parts; in one go, so that no part is searched for the mark of another."""
    return _MARK.sub(lambda mark: parts.get(mark[1], mark[0]), page)


@lru_cache(maxsize=1)
def _installed() -> str:
    folder = page_folder()
    files = (path for path in folder.rglob("*") if path.suffix in TEXTS)
    return player_template({path.relative_to(folder).as_posix(): path.read_text("utf-8") for path in files})
