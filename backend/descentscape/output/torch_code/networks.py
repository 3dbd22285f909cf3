"""Networks and their costs, written with PyTorch's modules."""

from __future__ import annotations

from descentscape.core.errors import InvalidValue
from descentscape.core.network.mlp import MLP

_MODULES = {
    "sigmoid": "nn.Sigmoid()",
    "tanh": "nn.Tanh()",
    "relu": "nn.ReLU()",
    "leaky_relu": "nn.LeakyReLU(0.01)",
    "softplus": "nn.Softplus(threshold=700)",
    "gelu": "nn.GELU()",
    "softmax": "nn.Softmax(dim=1)",
}
"""Every activation and output but the linear one, which is none."""

_COSTS = {
    "mse": "((model(x) - y) ** 2).sum() / (2 * len(y))",
    "huber": 'nn.functional.huber_loss(model(x), y, reduction="sum") / len(y)',
    "bce": 'nn.functional.binary_cross_entropy_with_logits(model(x), y, reduction="sum") / len(y)',
    "cross_entropy": 'nn.functional.cross_entropy(model(x), y, reduction="sum") / len(y)',
}

_IN_THE_COST = ("bce", "cross_entropy")
"""Costs that take what comes before the output function, for no digit near zero to be lost."""


def network(objective: MLP) -> str:
    """The function that makes the network, as a chain of modules, and the one of its cost."""
    lines = ["def make_model():", "    return nn.Sequential("]
    for layer, names in zip(objective.layers, _activations(objective), strict=True):
        bias = "" if any(block.role == "bias" for block in layer.blocks) else ", bias=False"
        lines.append(f"        nn.Linear({layer.units_in}, {layer.units_out}{bias}),")
        lines += [f"        {_MODULES[name]}," for name in names]
    return "\n".join([*lines, "    )", "", "", *_cost(objective)])


def _activations(objective: MLP) -> list[list[str]]:
    """The modules behind each layer, by their names: none behind a linear one."""
    *hidden, output = objective.activations
    for name in objective.activations:
        if name != "linear" and name not in _MODULES:
            raise InvalidValue("problem.activation", f"linear or one of {', '.join(_MODULES)}", name)
    ends = "linear" if objective.cost in _IN_THE_COST else output
    return [[name] if name != "linear" else [] for name in (*hidden, ends)]


def _cost(objective: MLP) -> list[str]:
    if objective.cost not in _COSTS:
        raise InvalidValue("problem.cost", f"one of {', '.join(_COSTS)}", objective.cost)
    lines = ["def cost(model, x, y):"]
    if objective.cost in _IN_THE_COST:
        lines.append(f"    # The {objective.activations[-1]} of the last layer is in the cost.")
    terms = [_COSTS[objective.cost]]
    if objective.l1 or objective.l2:
        lines.append("    weights = [each for each in model.parameters() if each.ndim == 2]")
    if objective.l1:
        terms.append(f"{objective.l1!r} * sum(each.abs().sum() for each in weights)")
    if objective.l2:
        terms.append(f"{objective.l2!r} / 2 * sum((each**2).sum() for each in weights)")
    return [*lines, f"    return {' + '.join(terms)}"]
