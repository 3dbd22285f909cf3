"""The optimizers, schedules and bounds on gradients that PyTorch has too."""

from __future__ import annotations

from typing import Any

from descentscape.core.errors import InvalidValue
from descentscape.core.optimizers.clipping import NormClip, ValueClip
from descentscape.document.entry_models import made_clip

_RULES: dict[str, str] = {
    "gd": "SGD(parameters, lr={learning_rate!r})",
    "momentum": "SGD(parameters, lr={learning_rate!r}, momentum={momentum!r})",
    "nesterov": "SGD(parameters, lr={learning_rate!r}, momentum={momentum!r}, nesterov={momentum!r} > 0)",
    "adagrad": "Adagrad(parameters, lr={learning_rate!r}, eps={epsilon!r})",
    "adadelta": "Adadelta(parameters, lr={learning_rate!r}, rho={decay!r}, eps={epsilon!r})",
    "rmsprop": "RMSprop(parameters, lr={learning_rate!r}, alpha={decay!r}, eps={epsilon!r})",
    "adam": "Adam(parameters, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r})",
    "amsgrad": (
        "Adam(parameters, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r}, amsgrad=True)"
    ),
    "nadam": (
        "NAdam(parameters, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r}, "
        "momentum_decay={momentum_decay!r})"
    ),
    "adamw": (
        "AdamW(parameters, lr={learning_rate!r}, betas=({beta1!r}, {beta2!r}), eps={epsilon!r}, "
        "weight_decay={weight_decay!r})"
    ),
}
"""The rules whose steps PyTorch makes as they are made here, to round-off."""

_FACTORS: dict[str, str] = {
    "constant": "1.0",
    "step": "{decay!r} ** (step // {every!r})",
    "exponential": "{decay!r} ** step",
    "cosine": "{floor!r} + (1 - {floor!r}) * (1 + math.cos(math.pi * min(step / STEPS, 1.0))) / 2",
    "warmup": "min(1.0, (step + 1) / {length!r})",
}

CLIP_NORM = '''
def clip_norm(parameters, bound):
    """Shorten the whole gradient to the bound (clip_grad_norm_ adds 1e-6 to the norm)."""
    norm = torch.cat([each.grad.flatten() for each in parameters]).norm()
    for each in parameters:
        each.grad *= bound / torch.clamp(norm, min=bound)

'''
"""What `clipping` needs in front of it for a bound on the norm."""


def optimizer(spec: Any, field: str) -> str:
    """A function of the parameters that makes the optimizer of a document's model.

    Raises InvalidValue, which names the ``field``, for a rule that PyTorch has not, or has otherwise.
    """
    if spec.kind not in _RULES:
        raise InvalidValue(field, f"one that PyTorch has alike ({', '.join(_RULES)})", spec.kind)
    return f"lambda parameters: torch.optim.{_RULES[spec.kind].format(**dict(spec))}"


def factor(spec: Any, field: str) -> str:
    """A function of the step that makes the factor of the learning rate."""
    if spec.kind not in _FACTORS:
        raise InvalidValue(field, f"one of {', '.join(_FACTORS)}", spec.kind)
    return f"lambda step: {_FACTORS[spec.kind].format(**dict(spec))}"


def clipping(spec: Any | None, field: str) -> str:
    """A function of the parameters that bounds their gradients, or None."""
    if spec is None:
        return "None"
    clip = made_clip(spec)
    if isinstance(clip, NormClip):
        return f"lambda parameters: clip_norm(parameters, {clip.norm!r})"
    if isinstance(clip, ValueClip):
        return f"lambda parameters: nn.utils.clip_grad_value_(parameters, {clip.value!r})"
    raise InvalidValue(field, "a bound on the norm or on every component", type(clip).__name__)
