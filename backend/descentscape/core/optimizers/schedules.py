"""How the learning rate changes along a run."""

from __future__ import annotations

from math import cos, pi
from typing import Any, Protocol

from descentscape.core.optimizers.hyperparameters import Described, hyperparameter, hyperparameters, share


class Schedule(Described, Protocol):
    """A factor for the learning rate at every step; frozen, its fields made with ``hyperparameter``.

    The ``formula`` is η at step t of T, counted from 0, from the optimizer's own η₀.
    """

    def factor(self, step: int, steps: int) -> float:
        """What step number ``step``, from 0, of a run of ``steps`` steps multiplies the learning rate by."""


def _steps(default: int, typical: tuple[int, int], label: str, help: str) -> Any:  # noqa: A002
    """A number of steps k."""
    return hyperparameter(
        default=default,
        low=1,
        high=20_000,
        typical=typical,
        log=True,
        symbol="k",
        label=label,
        help=help,
    )


def _decay(default: float, typical: tuple[float, float], help: str) -> Any:  # noqa: A002
    """The factor γ by which the rate shrinks."""
    return hyperparameter(
        default=default, low=1e-6, high=1.0, typical=typical, symbol="γ", label="decay", help=help
    )


@hyperparameters
class Constant:
    """ηₜ = η₀."""

    kind = "constant"
    label = "Constant"
    formula = "ηₜ = η₀"
    source = "Robbins & Monro (1951) is what it leaves out: with noise, a constant rate never quite settles"
    help = "The learning rate stays as it is."

    def factor(self, step: int, steps: int) -> float:
        """Always 1."""
        return 1.0


@hyperparameters
class Staircase:
    """ηₜ = η₀ γ^⌊t / k⌋."""

    kind = "step"
    label = "Steps"
    formula = "ηₜ = η₀ γ^⌊t / k⌋"
    source = "StepLR as PyTorch documents it"
    help = "The rate drops by a factor every so many steps: fast first, then fine."

    every: int = _steps(100, (10, 1_000), "every", "Steps between two drops.")
    decay: float = _decay(0.5, (0.1, 1.0), "The factor of a drop.")

    def factor(self, step: int, steps: int) -> float:
        """γ^⌊t / k⌋."""
        return float(self.decay ** (step // self.every))


@hyperparameters
class Exponential:
    """ηₜ = η₀ γᵗ."""

    kind = "exponential"
    label = "Exponential"
    formula = "ηₜ = η₀ γᵗ"
    source = "ExponentialLR as PyTorch documents it"
    help = "The rate shrinks by the same share at every step."

    decay: float = _decay(0.995, (0.9, 1.0), "The share of the rate that is left after a step.")

    def factor(self, step: int, steps: int) -> float:
        """γᵗ."""
        return float(self.decay**step)


@hyperparameters
class Cosine:
    """ηₜ = η₀ (φ + (1 − φ) (1 + cos(π t / T)) / 2)."""

    kind = "cosine"
    label = "Cosine"
    formula = "ηₜ = η₀ (φ + (1 − φ) (1 + cos(π t / T)) / 2)"
    source = "Loshchilov & Hutter (2017), SGDR, arXiv:1608.03983, without restarts"
    help = "Half a cosine over the run: high at first, softly down at the end. A longer run is another run."

    floor: float = share(0.0, "φ", "floor", "The share of the rate that is left at the end.")

    def factor(self, step: int, steps: int) -> float:
        """φ + (1 − φ) (1 + cos(π t / T)) / 2, and φ from the end on."""
        share = min(step / steps, 1.0) if steps else 0.0
        return self.floor + (1 - self.floor) * (1 + cos(pi * share)) / 2


@hyperparameters
class WarmUp:
    """ηₜ = η₀ min(1, (t + 1) / k)."""

    kind = "warmup"
    label = "Warm-up"
    formula = "ηₜ = η₀ min(1, (t + 1) / k)"
    source = "Goyal et al. (2017), Accurate, Large Minibatch SGD, arXiv:1706.02677, section 2.2"
    help = "The rate rises in a line to its full size, so that the first, steepest steps do no harm."

    length: int = _steps(50, (1, 500), "length", "Steps until the full rate.")

    def factor(self, step: int, steps: int) -> float:
        """min(1, (t + 1) / k)."""
        return min(1.0, (step + 1) / self.length)


SCHEDULES: dict[str, type[Schedule]] = {
    rule.kind: rule for rule in (Constant, Staircase, Exponential, Cosine, WarmUp)
}
"""Every schedule by its kind."""
