"""Reading the page as a test does: what is plotted, what is said, and waiting for it."""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route

PLOT = "document.querySelector('.stage-space .js-plotly-plot, .stage .js-plotly-plot')"
"""The first of the stage's plots: the 3D scene, where it is shown."""


RETURNING = """
try {
  localStorage.setItem("descentscape.knobs", "all");
  localStorage.setItem("descentscape.moves", "done");
} catch {
  // A blank page has no storage.
}
"""


def as_one_who_returns(visitor: Page | BrowserContext) -> None:
    """Have all knobs shown and no first moves, as on a machine that has been used."""
    visitor.add_init_script(RETURNING)


def link(address: str, experiment: dict[str, Any]) -> str:
    """The permalink of an experiment, as the page writes it: deflated JSON in base64url."""
    packer = zlib.compressobj(wbits=-15)
    packed = packer.compress(json.dumps(experiment).encode()) + packer.flush()
    return f"{address}/#x={base64.urlsafe_b64encode(packed).decode().rstrip('=')}"


def unpacked(address: str) -> dict[str, Any]:
    """The experiment of a permalink."""
    packed = address.partition("#x=")[2]
    deflated = base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4))
    found: dict[str, Any] = json.loads(zlib.decompress(deflated, wbits=-15))
    return found


def linked_document(page: Page) -> dict[str, Any]:
    """The document in the page's address; empty where it holds none."""
    found: dict[str, Any] = page.evaluate(
        "async () => (await (await import('./js/app/link.js')).fromHash(location.hash)) ?? {}"
    )
    return found


def eventually(fact: Callable[[], Any], what: str, seconds: float = 60.0) -> Any:
    """What `fact` gives once that is true; the page's policy forbids the usual polling inside it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = fact()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{what} did not come about within {seconds:g} s")


def draw_maps_alone(page: Page) -> None:
    """Have the menu's experiments and the tour's stops from above: each takes seconds in 3D."""

    def flatten(route: Route) -> None:
        answer = route.fetch()
        catalog = answer.json()
        for shown in (*catalog["experiments"], *catalog["tour"]):
            view = shown["experiment"].setdefault("view", {})
            view["stage"] = "lab" if view.get("stage") == "lab" else "contour"
        route.fulfill(response=answer, json=catalog)

    page.route("**/catalog?part=opening", flatten)


def open_page(page: Page, address: str) -> None:
    """Open an address and wait for the first real surface, and for what comes to the page after it."""
    page.goto(address)
    eventually(lambda: first_surface(page) is not None, "the first surface")
    eventually(
        lambda: page.evaluate("performance.getEntriesByName('rest').length"), "what is beside the picture"
    )


def first_surface(page: Page) -> float | None:
    """Milliseconds from the start of the navigation to the first surface on screen."""
    marks: list[float] = page.evaluate(
        "performance.getEntriesByName('first-surface').map(mark => mark.startTime)"
    )
    return marks[0] if marks else None


def read_ahead(page: Page) -> None:
    """Wait until the page has read what nobody asked for yet, of which the lab comes last."""
    last = "performance.getEntriesByType('resource').some(({ name }) => name.includes('lab-lab'))"
    eventually(lambda: page.evaluate(last), "the last part, read ahead")


def say_all(page: Page) -> None:
    """Open the captions: they are one line until more is asked for."""
    more = page.get_by_role("button", name="All that the picture shows")
    if more.get_attribute("aria-expanded") == "false":
        more.click()


def plotted(page: Page, uid: str) -> dict[str, list[Any]] | None:
    """x, y and z of one of the stage's traces, as plain lists."""
    found: dict[str, list[Any]] | None = page.evaluate(
        """(uid) => {
          for (const graph of document.querySelectorAll("#stage .js-plotly-plot")) {
            const trace = (graph.data ?? []).find((one) => one.uid === uid);
            if (!trace) continue;
            const rows = (value) => (value?.length === undefined ? value : Array.from(value));
            const plain = (values) => Array.from(values, rows);
            return { x: plain(trace.x), y: plain(trace.y), z: plain(trace.z) };
          }
          return null;
        }""",
        uid,
    )
    return found


def points_plotted(page: Page, uid: str) -> int:
    """How many points one of the stage's traces has along x, 0 without it: asked sooner than read."""
    found: int = page.evaluate(
        """(uid) => [...document.querySelectorAll("#stage .js-plotly-plot")]
          .flatMap((graph) => graph.data ?? []).find((one) => one.uid === uid)?.x.length ?? 0""",
        uid,
    )
    return found


def whole_surface(page: Page) -> dict[str, list[Any]]:
    """x, y and z of the surface, once its finest level is drawn, at the usual resolution."""
    eventually(lambda: points_plotted(page, "surface") == 101, "the whole surface")
    found = plotted(page, "surface")
    assert found is not None
    return found


def next_frame(page: Page, frames: int = 2) -> None:
    """Wait until the page has painted what it knows by now, or for as many frames as show what moves."""
    page.evaluate(
        "async (frames) => { for (; frames > 0; frames -= 1) await new Promise(requestAnimationFrame); }",
        frames,
    )


def step_shown(page: Page) -> int:
    """The step that the transport names."""
    return int(page.input_value(".position__number"))


def steps_arrived(page: Page, run: int = 0) -> int:
    """Entries of a run's plotted path; none in a provisional plane, which a slow machine shows at first."""
    if page.locator('#captions [data-key="provisional"]').count():
        return 0
    return points_plotted(page, f"run-{run}")
