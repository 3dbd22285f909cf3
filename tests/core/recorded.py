"""A run of which only arrays are left, as if they came from a file."""

from __future__ import annotations

from dataclasses import dataclass

from descentscape.core.descent.trajectory import Status, Trajectory
from descentscape.core.objective import AnyArray, Array, Objective


@dataclass(frozen=True, eq=False)
class RecordedTrajectory:
    """A `Trajectory` that is kept whole and cannot be replayed."""

    objective: Objective
    kept: Array
    status: Status
    stationary_at: int | None
    cost: Array
    grad_norm: Array
    layer_grad_norms: Array
    batch_cost: Array
    test_cost: Array | None
    learning_rate: Array
    gradient_evaluations: AnyArray
    examples_seen: AnyArray
    stride: int = 1

    @property
    def start(self) -> Array:
        theta: Array = self.kept[0]
        return theta

    @property
    def entries(self) -> int:
        return len(self.kept)

    @property
    def most_entries(self) -> int:
        return len(self.kept)

    def thetas(self, first: int, last: int) -> Array:
        return self.kept[first:last]

    def theta_at(self, number: int) -> Array:
        theta: Array = self.kept[number]
        return theta


def recording_of(trajectory: Trajectory) -> RecordedTrajectory:
    """What a file would hold of a run."""
    return RecordedTrajectory(
        objective=trajectory.objective,
        kept=trajectory.thetas(0, trajectory.entries).copy(),
        status=trajectory.status,
        stationary_at=trajectory.stationary_at,
        cost=trajectory.cost.copy(),
        grad_norm=trajectory.grad_norm.copy(),
        layer_grad_norms=trajectory.layer_grad_norms.copy(),
        batch_cost=trajectory.batch_cost.copy(),
        test_cost=None if trajectory.test_cost is None else trajectory.test_cost.copy(),
        learning_rate=trajectory.learning_rate.copy(),
        gradient_evaluations=trajectory.gradient_evaluations,
        examples_seen=trajectory.examples_seen,
    )
