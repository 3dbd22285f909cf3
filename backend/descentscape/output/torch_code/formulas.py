"""Formulas in two variables, written with PyTorch's functions."""

from __future__ import annotations

from descentscape.core.formulas.expression import CONSTANTS, Expression

_SIGNS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "power": "**"}
_NAMES = {"absolute": "abs", "arcsin": "asin", "arccos": "acos", "arctan": "atan"}

CBRT = '''
def cbrt(a):
    """The real cube root."""
    return torch.sign(a) * torch.abs(a) ** (1 / 3)

'''
"""What `formula` needs in front of it: PyTorch has no cube root."""

MODEL = '''class Point(nn.Module):
    """The two coordinates of a surface."""

    def __init__(self):
        super().__init__()
        self.at = nn.Parameter(torch.zeros(2))


def make_model():
    return Point()


def cost(model, x, y):
    x, y = model.at
    return {value}
'''


def formula(expression: Expression) -> str:
    """The function that makes the point, and the one of its height."""
    stack: list[tuple[str, bool]] = []
    for name, arity, value in expression.postfix:
        if arity:
            stack[-arity:] = [_operation(name, stack[-arity:])]
        else:
            stack.append((name, False) if value is None else (_constant(name, value), True))
    value_text, constant = stack.pop()
    # A height that no coordinate changes still needs a graph to be differentiated.
    value_text = f"{value_text} + 0 * (x + y)" if constant else value_text
    helpers = CBRT.lstrip("\n") + "\n" if "cbrt(" in value_text else ""
    return (helpers + MODEL.format(value=value_text)).rstrip("\n")


def _constant(name: str, value: float) -> str:
    if name in CONSTANTS:
        return "math.e" if name == "e" else "math.pi"
    return repr(value)


def _operation(name: str, operands: list[tuple[str, bool]]) -> tuple[str, bool]:
    """The text of an operation, and whether it is a number that no variable changes."""
    if name == "negative":
        return f"(-{operands[0][0]})", operands[0][1]
    if name in _SIGNS:
        (left, one), (right, two) = operands
        # Of two numbers one is a tensor: Python's own refuse what PyTorch answers with inf or nan.
        return f"({_tensor(left) if one and two else left} {_SIGNS[name]} {right})", one and two
    called = "cbrt" if name == "cbrt" else f"torch.{_NAMES.get(name, name)}"
    arguments = ", ".join(_tensor(text) if constant else text for text, constant in operands)
    return f"{called}({arguments})", all(constant for _, constant in operands)


def _tensor(text: str) -> str:
    return f"torch.as_tensor({text})"
