"""Surfaces and inspections over the stream, without a socket, and how little a slow reader costs."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest

import descentscape as ds
from api.talking import MOONS, RACE, SADDLE, Talk
from clocks import Clock
from descentscape.api.ops.frame_cache import FrameCache
from descentscape.api.stream.active_experiment import ActiveExperiment
from descentscape.api.stream.messages import AskSurface
from descentscape.api.stream.requests import INSPECTIONS
from descentscape.api.stream.session import OUTBOX, UNREAD
from descentscape.api.stream.surfaces import SurfaceJob
from descentscape.compute.computation import Computation
from descentscape.compute.descents import DescentCache
from descentscape.document.experiment import Experiment
from descentscape.output.frames import FrameKind

SMALL = MOONS | {"view": {"grid": {"resolution": 61}}}


def test_a_surface_comes_coarse_to_fine_and_ends_as_the_whole() -> None:
    talk = Talk().opened(SMALL)
    talk.say("surface", id=7).listen()
    frames = talk.frames(FrameKind.SURFACE)
    assert [frame.meta["level"] for frame in frames] == list(range(frames[0].meta["levels"]))
    sizes = [frame.arrays["cost"].shape[0] for frame in frames]
    assert sizes == sorted(sizes)
    assert (sizes[0] < 30, sizes[-1]) == (True, 61)
    assert [frame.meta["done"] for frame in frames] == [*[False] * (len(frames) - 1), True]
    assert frames[-1].meta["progress"] == 1
    surface = ds.surface(SMALL)
    for name in ("a", "b", "cost"):
        np.testing.assert_array_equal(
            frames[-1].arrays[name], getattr(surface, name).astype("<f4" if name == "cost" else "<f8")
        )
    assert frames[-1].meta["clipped"]["count"] == surface.clipped.count
    assert frames[-1].meta["plane_id"] == talk.frames(FrameKind.STEPS)[0].meta["plane_id"]


def test_a_surface_of_ones_own() -> None:
    talk = Talk().opened(SMALL)
    extent = [[-0.5, 0.5], [-0.25, 0.25]]
    talk.say("surface", id=1, resolution=9, extent=extent, plane={"kind": "random", "seed": 3}).listen()
    (frame,) = talk.frames(FrameKind.SURFACE)
    assert frame.meta["extent"] == extent
    assert frame.arrays["cost"].shape == (9, 9)
    assert frame.meta["plane_id"] != talk.frames(FrameKind.STEPS)[0].meta["plane_id"]
    whole = ds.surface(
        SMALL
        | {"view": {"grid": {"resolution": 9, "extent": extent}, "plane": {"kind": "random", "seed": 3}}}
    )
    np.testing.assert_array_equal(frame.arrays["cost"], whole.cost)


def test_known_minima_are_marked_where_the_picture_is_exact() -> None:
    talk = Talk().opened({"problem": {"kind": "formula", "name": "himmelblau"}, "steps": 5})
    talk.say("surface", id=1, resolution=9).listen()
    minima = talk.frames(FrameKind.SURFACE)[0].meta["minima"]
    assert len(minima) == 4
    assert [3.0, 2.0] in [place[:2] for place in minima]
    assert max(abs(height) for *_, height in minima) < 1e-9
    assert Talk().opened(SMALL).say("surface", id=1, resolution=9).listen()[-1].meta["minima"] == []


def test_a_new_surface_cancels_the_one_before() -> None:
    talk = Talk(Clock(tick=1e-3)).opened(SMALL)
    talk.say("surface", id=1, resolution=401)
    for _ in range(3):
        talk.session.advance(0.002)
    talk.say("surface", id=2, resolution=9).listen()
    assert talk.frames(FrameKind.SURFACE)[-1].meta["id"] == 2
    assert not any(frame.meta["id"] == 1 and frame.meta["done"] for frame in talk.frames(FrameKind.SURFACE))


def test_cancel_stops_a_surface() -> None:
    talk = Talk(Clock(tick=1e-3)).opened(SMALL)
    talk.say("surface", id=1, resolution=401)
    talk.session.advance(0.002)
    talk.session.advance(0.002)
    talk.say("cancel").listen()
    assert talk.frames(FrameKind.SURFACE) == []
    assert not talk.session.busy


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"plane": {"kind": "axes", "parameters": [0, 999]}}, "view.plane.parameters[1]"),
        ({"plane": {"kind": "pca", "runs": [5]}}, "view.plane.runs[0]"),
        ({"extent": [[1, -1], [0, 1]]}, "extent"),
    ],
)
def test_a_surface_that_does_not_fit(fields: dict[str, Any], field: str) -> None:
    talk = Talk().opened(SMALL)
    talk.say("surface", id=5, **fields).listen()
    error = talk.message("error")
    assert (error["id"], error["status"]) == (5, 422)
    assert error["errors"][0]["field"].startswith(field)
    assert not talk.session.busy


def test_a_surface_that_would_take_too_long() -> None:
    talk = Talk(compute_seconds=0.01).opened(SADDLE)
    talk.say("surface", id=5, resolution=401).listen()
    error = talk.message("error")
    assert (error["id"], error["problem"]) == (5, "urn:descentscape:too-expensive")


def test_a_surface_on_a_provisional_plane_is_begun_again() -> None:
    talk = Talk(Clock(tick=0.01), patience=0.0)
    talk.say("open", experiment=MOONS | {"steps": 2000, "seed": 78}).say("surface", id=1, resolution=401)
    talk.listen()
    provisional, final = talk.messages("plane")
    assert provisional["plane_id"] != final["plane_id"]
    frames = talk.frames(FrameKind.SURFACE)
    begun = [frame for frame in frames if frame.meta["plane_id"] == provisional["plane_id"]]
    assert [frame.meta["done"] for frame in begun] == [False] * len(begun)
    assert frames[-1].meta["plane_id"] == final["plane_id"]
    assert frames[-1].meta["done"] is True


def test_no_more_than_the_coarsest_surface_on_a_plane_that_is_soon_replaced() -> None:
    document = Experiment.model_validate(MOONS | {"steps": 5_000, "runs": [{"batch_size": 16}]})
    work = Computation(document, DescentCache(clock=Clock(tick=1e-3)), patience=0.0)
    active, job = ActiveExperiment(work, ["cost"], FrameCache()), SurfaceJob(AskSurface(type="surface", id=1))
    while not work.visible:
        active.advance(0.005)
    assert work.window is not None
    assert work.window.provisional
    while job.is_ready(active):
        job.advance(active)
    assert (job.level, job.sampled) == (1, False)
    while not active.complete:
        active.advance(0.005)
        active.events()
    while job.is_ready(active):
        job.advance(active)
    assert (job.level, job.finished) == (2, True)


def test_inspections_by_step_by_theta_and_by_place() -> None:
    talk = Talk().opened(RACE)
    theta = ds.run(RACE).runs[1].theta[12]
    talk.say("inspect", id=1, run=1, step=12, want=["outputs", "theta", "gradient", "state", "layers"])
    talk.say("inspect", id=2, theta=theta.tolist(), want=[])
    talk.say("inspect", id=3, at=[0.5, 0.25], want=["theta"]).listen()
    by_step, by_theta, by_place = talk.frames(FrameKind.INSPECTION)
    assert [frame.meta["id"] for frame in (by_step, by_theta, by_place)] == [1, 2, 3]
    np.testing.assert_array_equal(by_step.arrays["theta"], theta)
    assert by_step.meta["cost"] == by_theta.meta["cost"] == ds.run(RACE).runs[1].cost[12]
    assert np.linalg.norm(by_step.arrays["gradient"]) == pytest.approx(by_step.meta["grad_norm"])
    assert by_step.arrays["outputs.grid"].shape == (61, 61)
    np.testing.assert_allclose(by_place.arrays["at"], [0.5, 0.25], atol=1e-12)
    lifted = ds.inspect(RACE, at=[0.5, 0.25], want=["theta"])["theta"]
    np.testing.assert_array_equal(by_place.arrays["theta"], lifted)


def test_an_inspection_waits_for_its_step() -> None:
    talk = Talk(Clock(tick=1e-3)).say("open", experiment=MOONS | {"steps": 250, "seed": 12})
    talk.say("inspect", id=9, step=250, want=[]).listen()
    (frame,) = talk.frames(FrameKind.INSPECTION)
    assert frame.meta["step"] == 250
    assert talk.heard.index(frame) > 0


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"step": 999}, "step"),
        ({"run": 3, "step": 0}, "run"),
        ({"theta": [1.0]}, "theta"),
        ({"step": 1, "at": [0, 0]}, "step"),
    ],
)
def test_a_place_that_is_not_there(fields: dict[str, Any], field: str) -> None:
    talk = Talk().opened(MOONS)
    talk.say("inspect", id=4, **fields).listen()
    error = talk.message("error")
    assert (error["id"], error["status"], error["errors"][0]["field"]) == (4, 422, field)


@pytest.mark.parametrize(
    "ending", [{"type": "cancel"}, {"type": "open", "experiment": MOONS}, {"type": "refit"}]
)
def test_an_inspection_that_is_given_up_is_answered(ending: dict[str, Any]) -> None:
    talk = Talk(Clock(tick=1e-3)).say("open", experiment=MOONS | {"steps": 20_000, "seed": 13})
    talk.say("inspect", id=9, step=20_000)
    talk.session.advance(0.02)
    talk.session.receive(json.dumps(ending))
    talk.session.advance(0.02)
    talk.take()
    error = talk.message("error")
    assert (error["id"], error["detail"]) == (9, "The inspection was given up.")


def test_one_question_of_several_is_given_up() -> None:
    talk = Talk().opened(MOONS)
    for number, kind in ((5, "basins"), (6, "spectrum")):
        talk.say("study", id=number, step=0, study={"kind": kind})
    talk.say("cancel", id=5).listen()
    assert (talk.message("error")["id"], talk.message("error")["status"]) == (5, 409)
    assert [frame.meta["id"] for frame in talk.frames(FrameKind.STUDY)] == [6]


def test_no_more_than_so_many_inspections_wait() -> None:
    talk = Talk().say("open", experiment=MOONS | {"steps": 20_000, "seed": 14})
    for number in range(INSPECTIONS + 1):
        talk.say("inspect", id=number, step=20_000)
    talk.session.advance(1.0)
    talk.take()
    error = talk.message("error")
    assert (error["id"], error["status"]) == (INSPECTIONS, 429)


def test_who_does_not_read_is_sent_less_and_larger() -> None:
    talk = Talk().say("open", experiment=SMALL | {"steps": 2000, "seed": 21}).say("play").say("surface", id=1)
    while talk.session.busy:
        talk.session.advance(0.005)
    talk.take()
    assert [frame.meta["count"] for frame in talk.frames(FrameKind.STEPS)] == [2001]
    (surface,) = talk.frames(FrameKind.SURFACE)
    assert surface.meta["done"] is True


def test_large_channels_come_in_bounded_frames() -> None:
    talk = Talk().say("open", experiment={"steps": 3000, "seed": 3}, channels=["theta"]).say("play")
    sizes = []
    while talk.session.busy or talk.session.pending:
        talk.session.advance(0.5)
        sizes.append(sum(len(frame) for frame in talk.session.take()))
    assert max(sizes) < 1.1 * 2**20
    assert sum(sizes) > 3000 * 105 * 8


def test_messages_wait_where_answers_are_not_taken() -> None:
    talk = Talk().opened(MOONS)
    for _ in range(OUTBOX + UNREAD):
        talk.say("pause")
    for _ in range(20):
        talk.session.advance(0.02)
    assert not talk.session.busy
    assert talk.session.crowded
    talk.listen()
    assert len(talk.messages("state")) == OUTBOX + UNREAD
    assert not talk.session.crowded
