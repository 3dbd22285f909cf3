"""The errors that a caller can cause, each naming the field and the limit."""

from __future__ import annotations


class InvalidValue(ValueError):  # noqa: N818 - it names what is wrong, as ValueError's kin do
    """A value outside its bounds: ``"<name> must be <constraint>, got <value>"``.

    Of a text whose constraint quotes the place that is wrong there is no more to say, and no ``got``.
    """

    def __init__(self, name: str, constraint: str, got: object = ...) -> None:
        shown = repr(got)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        super().__init__(f"{name} must be {constraint}" + ("" if got is ... else f", got {shown}"))
        self.name = name
        self.constraint = constraint


class TooExpensive(InvalidValue):
    """A valid request whose computation would exceed a stated bound."""
