"""What just happened: every sentence about every curated experiment, against facts found another way."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from descentscape.core.explain.moments import KINDS
from descentscape.studies import Subject
from document.glossary_formulas import GLOSSARY
from studies.conducting import report_on, reports_on, subject_of
from studies.moments import edges, networks, standing, steps
from studies.moments.experiments import FURTHER
from studies.moments.told import NAMES, Told, moments, work_of

CHECKS: dict[str, Callable[[str, Told], None]] = {
    "edge": edges.edge,
    "zigzag": edges.zigzag,
    "hovering": edges.hovering,
    "creeping": edges.creeping,
    "diverged": edges.diverged,
    "saddle": standing.standing,
    "minimum": standing.standing,
    "flat": standing.standing,
    "slow": standing.slow,
    "left_saddle": standing.left_saddle,
    "kink": standing.kink,
    "ahead": steps.ahead,
    "overtaken": steps.ahead,
    "swing": steps.swing,
    "clipped": steps.clipped,
    "newton": steps.newton,
    "schedule": steps.schedule,
    "noise": steps.noise,
    "overfitting": steps.overfitting,
    "vanishing": networks.layered,
    "exploding": networks.layered,
    "alike": networks.alike,
    "dead": networks.dead,
}

LONGEST = 82
"""Letters of a sentence beside the names of runs: two lines of a telephone."""


@pytest.mark.parametrize("name", NAMES)
def test_every_sentence_is_true(name: str) -> None:
    work = work_of(name)
    entries, labels = work.experiment.steps + 1, [built.label for built in work.runs]
    for moment in moments(name):
        assert 0 <= moment["from"] <= moment["news"] <= moment["to"] < entries
        assert len(without_names(moment["words"], labels)) <= LONGEST
        for run in moment["runs"]:
            CHECKS[moment["kind"]](name, moment | {"run": run})


def without_names(words: str, labels: list[str]) -> str:
    """A sentence without the runs that it names, one of which, or how many of them, it begins with."""
    words, counted = re.subn(rf"^(?:All|\d+ of) {len(labels)} runs", "", words)
    assert counted or words.startswith(tuple(f"{label} " for label in labels))
    assert words.endswith(".")
    assert words.count(".") - len(re.findall(r"\d\.\d", words)) - "".join(labels).count(".") <= 1
    for label in sorted(labels, key=len, reverse=True):
        words = words.replace(label, "")
    return words


SAID = {
    "saddle": {"ahead", "slow", "left_saddle"},
    "too-large-a-rate": {"edge", "diverged", "zigzag"},
    "newton-bowl": {"newton", "minimum"},
    "newton-saddle": {"newton", "saddle"},
    "noise-agrees": {"saddle"},
    "vanishing-gradient": {"vanishing"},
    "exploding-gradient": {"exploding", "diverged", "clipped"},
    "all-zeros": {"alike"},
    "settling": {"noise", "schedule"},
    "rises to the edge": {"edge", "hovering"},
    "overfits": {"overfitting"},
    "swings": {"swing"},
    "falls by steps": {"schedule"},
    "comes to the tip of a cusp": {"kink"},
    "stands on a saddle": {"saddle"},
    "is shaken off a saddle": {"left_saddle"},
    "leaves the origin and diverges": {"diverged"},
    "comes to one saddle with many": {"saddle", "left_saddle"},
    "has a rate far above its bound": {"edge", "diverged"},
    "has a rate far below its bound": {"creeping"},
    "has a rate too large for its batches": {"edge", "diverged"},
    "dies": {"dead"},
}


@pytest.mark.parametrize("name", SAID)
def test_what_an_experiment_is_about_is_said(name: str) -> None:
    assert SAID[name] <= {moment["kind"] for moment in moments(name)}


def test_many_runs_on_one_saddle_are_told_once() -> None:
    standing_still = [m for m in moments("comes to one saddle with many") if m["kind"] == "saddle"]
    first, together, *_ = standing_still
    assert first["words"].startswith("Gradient descent 12 stands still on a saddle: ")
    assert together["words"].startswith("10 of 12 runs stand still on one saddle: uphill along w1 = −w2, ")
    assert together["runs"] == list(range(2, 12))
    assert first["to"] + 1 == together["from"]
    assert all(later["news"] == later["from"] for later in standing_still[2:])


def test_runs_in_several_minima_are_told_together() -> None:
    told = [m["words"] for m in moments("himmelblau") if len(m["runs"]) > 1]
    assert told == ["north-west and south-west stand still in 2 different minima."]


def test_where_nothing_moves_nothing_is_left() -> None:
    resting = FURTHER["is shaken off a saddle"] | {"runs": [{"optimizer": {"kind": "gd"}}]}
    found = report_on(subject_of(resting), "moments")["moments"]
    assert [moment["kind"] for moment in found] == ["saddle"]


def test_every_kind_is_said_somewhere_tried_and_explained() -> None:
    said = {moment["kind"] for name in NAMES for moment in moments(name)}
    assert said == set(KINDS) == set(CHECKS)
    assert {look.term for look in KINDS.values()} <= set(json.loads(GLOSSARY.read_text(encoding="utf-8")))


def test_who_asks_again_is_told_at_once_and_of_more_steps_anew() -> None:
    subject = subject_of(FURTHER["swings"] | {"steps": 90})
    asked = {"kind": "moments"}
    first = reports_on(subject, asked)
    again = reports_on(subject, asked)
    assert (len(first) > 10, len(again)) == (True, 1)
    assert again[-1] == first[-1]
    longer = Subject(subject.computation.extend(300).finish(), subject.place)
    assert report_on(longer, "moments") != first[-1][1]


def test_a_run_that_was_recorded_or_moved_by_hand_has_no_steps_to_speak_of() -> None:
    moved = FURTHER["swings"] | {"edits": [{"step": 40, "set": {"0": 3.0}}]}
    subject = subject_of(moved)
    kinds = {moment["kind"] for moment in report_on(subject, "moments")["moments"]}
    assert not kinds & {"swing", "slow", "left_saddle"}


def test_a_rate_that_is_warmed_up_past_its_bound_is_no_sharpness_that_rises() -> None:
    warmed = {"kind": "warmup", "length": 100}
    gd = {"optimizer": {"kind": "gd", "learning_rate": 1.02}, "schedule": warmed}
    parabola = {"kind": "formula", "name": None, "expression": "x^2 + 0.01*y^2"}
    start = {"kind": "point", "at": [1e-6, 1]}
    subject = subject_of({"problem": parabola, "runs": [gd], "start": start, "steps": 200})
    kinds = {moment["kind"] for moment in report_on(subject, "moments")["moments"]}
    assert "edge" in kinds
    assert "hovering" not in kinds
