"""The errors that a caller can cause, each naming the field and the limit."""

from __future__ import annotations


class InvalidValue(ValueError):  # noqa: N818 - it names what is wrong, as ValueError's kin do
    """A value outside its bounds: ``"<name> must be <constraint>, got <value>"``."""

    def __init__(self, name: str, constraint: str, got: object) -> None:
        shown = repr(got)
        if len(shown) > 80:
            shown = shown[:77] + "..."
        super().__init__(f"{name} must be {constraint}, got {shown}")
        self.name = name
        self.constraint = constraint


class TooExpensive(InvalidValue):
    """A valid request whose computation would exceed a stated bound."""
