"""How soon the page shows its first surface, and what it asks of the browser's main thread while it plays.

``python bench/page.py [--rounds 7] [CHECKOUT ...]`` with ``tests`` on PYTHONPATH; DESCENTSCAPE_CHROMIUM
names a Chromium. Every round opens the page of every checkout (this one, if none is named) in a new
profile: cold, then warm (the third visit, when the browser has kept the compiled code), and there lets it
play. Each checkout's page is served by its own service; graphics are software's. Median and range are
shown.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

from browser import service
from browser.conftest import ARGUMENTS
from browser.looking import eventually, first_surface

SETTLED_MS = 4000
"""Time for Plotly to be read and the scene to be drawn."""

PLAYED_MS = 5000
UPDATES = 60

WATCH = """
  window.longTasks = [];
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) longTasks.push([startTime, duration]);
  }).observe({ type: "longtask", buffered: true });
  window.frames_ = new Map();
  const request = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => request((now) => {
    const began = performance.now();
    draw(now);
    frames_.set(now, (frames_.get(now) ?? 0) + performance.now() - began);
  });
"""
"""Long tasks, and how long the page's own code takes in every frame."""

UPDATE_A_PATH = """(updates) => {
  const scene = document.querySelector(".stage .js-plotly-plot")._fullLayout.scene._scene;
  const trace = scene.traces["run-0"];
  const times = [];
  for (let k = 0; k < updates; k += 1) {
    const began = performance.now();
    trace.update(trace.data);
    times.push(performance.now() - began);
  }
  return times;
}"""

Figures = dict[str, float]


@dataclass
class Traffic:
    """What a page has received since it was opened: bytes as they came over the wire, and requests."""

    bytes: float = 0
    requests: int = 0

    def follow(self, session: CDPSession) -> None:
        """Count from now on."""
        session.on("Network.requestWillBeSent", lambda _: self._asked())
        session.on("Network.loadingFinished", lambda event: self._came(event["encodedDataLength"]))
        session.on(
            "Network.webSocketFrameReceived", lambda event: self._came(len(event["response"]["payloadData"]))
        )
        session.send("Network.enable")

    def _asked(self) -> None:
        self.requests += 1

    def _came(self, size: float) -> None:
        self.bytes += size


def opened(page: Page, address: str) -> Figures:
    """Open the page, and what that took until its first surface was on screen."""
    session = page.context.new_cdp_session(page)
    traffic = Traffic()
    traffic.follow(session)
    page.add_init_script(WATCH)
    page.goto(address, wait_until="commit")
    surface = eventually(lambda: first_surface(page), "the first surface")
    requests, size = traffic.requests, traffic.bytes
    ready = page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventStart")
    longest = page.evaluate(
        "(end) => Math.max(0, ...longTasks.filter(([start]) => start < end).map(([, time]) => time))", surface
    )
    return {
        "DOM ready, ms": ready,
        "first surface, ms": surface,
        "longest task before it, ms": longest,
        "requests": requests,
        "kB": size / 1000,
    }


def played(page: Page) -> Figures:
    """What the main thread is asked for while the descent plays under the 3D scene."""
    page.wait_for_timeout(SETTLED_MS)
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    began = page.evaluate("performance.now()")
    tasks = traced(page, PLAYED_MS)
    frames = page.evaluate("(began) => [...frames_].filter(([at]) => at > began).map(([, ms]) => ms)", began)
    updates = page.evaluate(UPDATE_A_PATH, UPDATES)
    return {
        "frames a second": len(frames) / PLAYED_MS * 1000,
        "longest task, ms of processor": max(tasks),
        "tasks, ms of processor a frame": sum(tasks) / len(frames),
        "script a frame, ms": median(frames),
        "path update, ms": median(updates),
        "path update, 95 %, ms": sorted(updates)[int(0.95 * UPDATES)],
    }


def traced(page: Page, milliseconds: float) -> list[float]:
    """The main thread's tasks for a while in milliseconds of processor, which other load leaves alone."""
    session = page.context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    complete: list[bool] = []
    session.on("Tracing.dataCollected", lambda data: events.extend(data["value"]))
    session.on("Tracing.tracingComplete", lambda _: complete.append(True))
    categories = {"includedCategories": ["toplevel"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": categories})
    page.wait_for_timeout(milliseconds)
    session.send("Tracing.end")
    while not complete:
        page.wait_for_timeout(100)
    main = {
        event["pid"]: event["tid"]
        for event in events
        if event.get("args", {}).get("name") == "CrRendererMain"
    }
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "ThreadControllerImpl::RunTask"
        and main.get(event["pid"]) == event["tid"]
        and "tdur" in event
    ]


@contextmanager
def profile(driver: Playwright, chromium: str) -> Iterator[BrowserContext]:
    """A window of a browser that has never been here."""
    with tempfile.TemporaryDirectory() as folder:
        context = driver.chromium.launch_persistent_context(
            folder, executable_path=chromium, args=list(ARGUMENTS), viewport={"width": 1440, "height": 900}
        )
        yield context
        context.close()


def visit(driver: Playwright, chromium: str, address: str) -> dict[str, Figures]:
    """A first visit, two more, and a look at how it plays."""
    with profile(driver, chromium) as window:
        visits = []
        for _ in range(3):
            page = window.new_page()
            visits.append(opened(page, address))
            figures = played(page) if len(visits) == 3 else {}
            page.wait_for_timeout(SETTLED_MS)
            page.close()
        return {"cold": visits[0], "warm": visits[2], "playing": figures}


def serve(checkout: Path, stack: ExitStack) -> str:
    """Start the service of a checkout; its address."""
    service.ROOT = checkout
    running = service.Service()
    running.start()
    stack.callback(running.stop)
    return running.address


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("checkouts", nargs="*", type=Path, default=[Path(__file__).parents[1]])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument(
        "--json", action="store_true", help="one JSON object of all figures in place of a table"
    )
    arguments = parser.parse_args()
    chromium = os.environ["DESCENTSCAPE_CHROMIUM"]
    found: dict[str, list[dict[str, Figures]]] = {str(checkout): [] for checkout in arguments.checkouts}
    with ExitStack() as stack, sync_playwright() as driver:
        addresses = {str(checkout): serve(checkout.resolve(), stack) for checkout in arguments.checkouts}
        for address in addresses.values():
            visit(driver, chromium, address)
        for _ in range(arguments.rounds):
            for name, address in addresses.items():
                found[name].append(visit(driver, chromium, address))
    if arguments.json:
        print(json.dumps(found))
    else:
        tell(found)


def tell(found: dict[str, list[dict[str, Figures]]]) -> None:
    """A line for each figure: its median and its range."""
    for name, rounds in found.items():
        print(f"\n{name}: median of {len(rounds)} (least to most)")
        for kind, figures in rounds[0].items():
            for figure in figures:
                values = sorted(each[kind][figure] for each in rounds)
                print(f"  {kind:8} {figure:32} {median(values):9.1f}  ({values[0]:.1f} to {values[-1]:.1f})")


if __name__ == "__main__":
    main()
