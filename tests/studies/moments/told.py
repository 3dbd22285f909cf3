"""What is told of the curated experiments and of others, each computed once, and the numbers in it."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from curated import IDS, computation
from descentscape.compute.computation import Computation
from descentscape.core.descent.trajectory import Trajectory
from descentscape.core.objective import Array, Objective
from descentscape.document.experiment import Experiment
from descentscape.studies import Subject
from places import place_of
from studies.conducting import report_on
from studies.moments.experiments import FURTHER

Told = dict[str, Any]

NAMES = (*IDS, *FURTHER)

NUMBER = r"(−?[\d.]+(?:×10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)?)"


@cache
def work_of(name: str) -> Computation:
    if name not in FURTHER:
        return computation(name)
    return Computation(Experiment.model_validate(FURTHER[name])).finish()


@cache
def moments(name: str) -> list[Told]:
    work = work_of(name)
    found: list[Told] = report_on(Subject(work, place_of(work)), "moments")["moments"]
    return found


def about(name: str, run: int) -> tuple[Objective, Trajectory, Any]:
    """The cost, the way and the document of a run."""
    work = work_of(name)
    return work.problem.objective, work.trajectories[run], work.experiment.runs[run]


def at(trajectory: Trajectory, moment: Told) -> Array:
    return trajectory.theta_at(moment["from"])


def said(number: str) -> float:
    """A number as a sentence writes it."""
    plain = number.replace("−", "-").replace("\u202f", "")
    if "×10" in plain:
        head, tail = plain.split("×10")
        plain = f"{head}e{tail.translate(str.maketrans('⁰¹²³⁴⁵⁶⁷⁸⁹⁻', '0123456789-'))}"
    return float(plain)


def first_number(moment: Told, pattern: str) -> float:
    found = re.search(pattern, moment["words"])
    assert found is not None, moment["words"]
    return said(found[1])
