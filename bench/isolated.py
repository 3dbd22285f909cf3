"""What has to be measured in a process of its own: scripts, run on the package of one checkout or another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

PEAK = """
import pathlib, re, resource
def peak():
    # What the kernel counts for a process that was forked from a larger one begins with that one's.
    status = pathlib.Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read_text())[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
"""
"""A function of the most memory so far, in MiB."""

IMPORT = """
import sys, time
began, spent = time.perf_counter(), time.process_time()
import {module}
figures = {{"wall": time.perf_counter() - began, "processor": time.process_time() - spent}}
import json
"""

FIRST_RUN = """
import json, time
import descentscape as ds
began = time.perf_counter()
run = ds.run({}).runs[0]
run.theta, run.path, run.shadow_cost
figures = {"wall": time.perf_counter() - began}
ds.surface({})
"""

SAY = f'{PEAK}print(json.dumps(figures | {{"peak": peak()}}))'
"""What ends a script that has ``figures``."""

OPENING = """
import json, sys, time
import descentscape as ds
def opened(experiment):
    began = time.process_time()
    for run in ds.run(experiment).runs:
        run.path, run.cost, run.shadow_cost, run.off_plane, run.grad_norm
    ds.surface(experiment)
    return time.process_time() - began
names = set(json.loads(sys.argv[1]))
# What is imported or read from the cache at its first use is no part of opening an experiment.
opened({"problem": {"hidden": [3, 2]}, "steps": 20})
opened({"problem": {"kind": "formula", "name": "himmelblau"}, "steps": 20})
opened({"problem": {"hidden": [3], "dataset": {"kind": "iris"}, "cost": "cross_entropy"}, "steps": 20})
curated = ds.catalog()["experiments"]
chosen = [each for each in curated if not names or each["id"] in names]
print(json.dumps({each["id"]: opened(each["experiment"]) for each in chosen}))
"""


def figures(script: str, *arguments: str, checkout: Path = ROOT) -> dict[str, Any]:
    """What the script prints as JSON, run on the package in a checkout."""
    environment = {**os.environ, "PYTHONPATH": str(checkout / "backend")}
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        env=environment,
        cwd=checkout,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def before(commit: str) -> Path | None:
    """The package as it was at a commit, beside the peers; None where the history does not reach there."""
    folder = ROOT / ".bench" / "before" / commit
    if not (folder / "backend").exists():
        folder.mkdir(parents=True, exist_ok=True)
        archive = subprocess.run(
            ["git", "-C", str(ROOT), "archive", commit, "backend"], capture_output=True, check=False
        )
        if archive.returncode:
            return None
        subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder
