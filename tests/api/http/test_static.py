"""The page's files and Plotly, with their caching, and nothing else of the disk."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

import httpx
import plotly
import pytest
from starlette.applications import Starlette

from api.serving import PATIENCE
from descentscape.api.http.static import page_routes
from descentscape.output.player import page_folder

INDEX = """<!doctype html><head>
<link rel="stylesheet" href="styles/a.css">
<link rel="stylesheet" href="styles/b.css">
<script src="{{plotly}}"></script><script src="js/main.js" type="module"></script></head>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    page = tmp_path / "page"
    for name, text in {
        "index.html": INDEX,
        "icon.svg": "<svg/>",
        "js/main.js": 'import { greeting } from "./views/b.js";\n' + "console.log(greeting);\n" * 100,
        "js/views/b.js": 'export const greeting = "hello";',
        "js/.secret.js": "export {};",
        "notes.md": "no",
        "styles/a.css": "a{}",
        "styles/b.css": "b{}",
    }.items():
        path = page / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "outside.js").write_text("no")
    (page / "js" / "link.js").symlink_to(tmp_path / "outside.js")
    return page


def get(folder: Path, path: str, **headers: str) -> httpx.Response:
    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(Starlette(routes=page_routes(folder)))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            return await client.get(path, headers={"accept-encoding": "identity"} | headers)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/icon.svg", "image/svg+xml"),
        ("/js/main.js", "text/javascript; charset=utf-8"),
        ("/js/views/b.js", "text/javascript; charset=utf-8"),
        ("/styles/a.css", "text/css; charset=utf-8"),
    ],
)
def test_files_with_their_types(folder: Path, path: str, media_type: str) -> None:
    response = get(folder, path)
    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/notes.md",
        "/js/",
        "/js/missing.js",
        "/js/.secret.js",
        "/js/link.js",
        "/js/..%2f..%2foutside.js",
        "/js/%2e%2e/%2e%2e/outside.js",
        "/js//etc/passwd",
        f"/js/{'a' * 5000}.js",
        "/js/%00.js",
        "/vendor/plotly-0.0.0.min.js",
    ],
)
def test_nothing_else_is_served(folder: Path, path: str) -> None:
    assert get(folder, path).status_code == 404


def test_a_known_file_is_not_sent_again_until_it_changes(folder: Path) -> None:
    tag = get(folder, "/js/main.js").headers["etag"]
    again = get(folder, "/js/main.js", **{"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    (folder / "js" / "main.js").write_text("changed")
    os.utime(folder / "js" / "main.js", ns=(1, 1))
    fresh = get(folder, "/js/main.js", **{"if-none-match": tag})
    assert (fresh.status_code, fresh.text) == (200, "changed")


def test_compressed_for_who_takes_it(folder: Path) -> None:
    plain = get(folder, "/js/main.js")
    packed = get(folder, "/js/main.js", **{"accept-encoding": "gzip, br"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert int(packed.headers["content-length"]) < len(plain.content) / 5
    assert packed.headers["vary"] == "Accept-Encoding"
    for refusal in ("gzip;q=0", "br, gzip; q=0.0", "*;q=0", "br"):
        told = get(folder, "/js/main.js", **{"accept-encoding": refusal})
        assert "content-encoding" not in told.headers


def test_index_names_the_installed_plotly(folder: Path) -> None:
    address = re.search(r'src="(vendor/[^"]+)"', get(folder, "/").text)
    assert address is not None
    assert plotly.__version__ in address[1]
    script = get(folder, f"/{address[1]}")
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert script.content == (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_bytes()


def test_index_names_a_few_joined_files_that_are_kept(folder: Path) -> None:
    scripts, styles = joined(folder)
    assert [name for _, name in scripts] == ["js-main.js"]
    assert [name for _, name in styles] == ["page.css"]
    code, css = (get(folder, f"/packs/{digest}/{name}") for digest, name in (*scripts, *styles))
    assert code.headers["content-type"] == "text/javascript; charset=utf-8"
    assert "hello" in code.text
    assert css.text == "a{}\nb{}"
    for kept in (code, css):
        assert kept.headers["cache-control"] == "public, max-age=31536000, immutable"


def test_a_changed_module_has_another_address_and_the_old_one_no_answer(folder: Path) -> None:
    ((before, name),) = joined(folder)[0]
    (folder / "js" / "views" / "b.js").write_text('export const greeting = "good-bye";')
    ((after, _),) = joined(folder)[0]
    assert before != after
    assert "good-bye" in get(folder, f"/packs/{after}/{name}").text
    assert get(folder, f"/packs/{before}/{name}").status_code == 404
    assert get(folder, "/packs/index.html").status_code == 404


def joined(folder: Path) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Digest and name of every script and every style sheet that the index names."""
    index = get(folder, "/").text
    return re.findall(r'src="packs/(\w+)/([^"]+)"', index), re.findall(r'href="packs/(\w+)/([^"]+)"', index)


def test_plotly_is_compressed_in_the_background(folder: Path) -> None:
    app = Starlette(routes=page_routes(folder))

    async def compressed() -> None:
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            address = f"/vendor/plotly-{plotly.__version__}.min.js"
            while True:
                response = await client.get(address, headers={"accept-encoding": "gzip"})
                if int(response.headers["content-length"]) < 2_000_000:
                    return
                await asyncio.sleep(0.02)

    asyncio.run(asyncio.wait_for(compressed(), PATIENCE))


def test_the_checkout_holds_the_page() -> None:
    assert "{{plotly}}" in (page_folder() / "index.html").read_text()
