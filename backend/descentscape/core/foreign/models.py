"""The models that this process explores, by the names that documents have for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex
from weakref import WeakValueDictionary

from descentscape.core.errors import InvalidValue
from descentscape.core.foreign.calls import Calls, guarded_by
from descentscape.core.foreign.objective import ForeignObjective
from descentscape.core.foreign.paths import RecordedPath
from descentscape.core.landscape.extent import Extent
from descentscape.core.landscape.plane import Plane

Given = Callable[[], tuple[Plane, Extent]]
"""Lays the plane that a model was given in, with the part of it that holds the runs."""


@dataclass(frozen=True, eq=False)
class ForeignModel:
    """A model that a document may name by its ``id``, and its recorded runs by theirs.

    ``given`` lays the plane that it is to be seen in at first, in
    place of the usual one.
    """

    label: str
    objective: ForeignObjective
    runs: Mapping[str, RecordedPath]
    given: Given | None
    id: str = field(default_factory=lambda: token_hex(32))

    def forget(self) -> None:
        """Be known by its name no longer."""
        _KNOWN.pop(self.id, None)


_KNOWN = WeakValueDictionary[str, ForeignModel]()


def made_known(
    label: str, objective: ForeignObjective, paths: Sequence[RecordedPath], given: Given | None = None
) -> ForeignModel:
    """A model that documents may name from now on, for as long as anybody holds it."""
    calls, named = Calls(), {token_hex(32): path for path in paths}
    guarded = replace(objective, functions=guarded_by(calls, objective.functions), calls=calls)
    model = ForeignModel(label, guarded, named, given)
    _KNOWN[model.id] = model
    return model


def known_model(name: str) -> ForeignModel:
    """The model of an id; InvalidValue where nobody in this process explores it."""
    model = _KNOWN.get(name)
    if model is None:
        constraint = "that of a model which this Python explores: call ds.show on it again"
        raise InvalidValue("problem.id", constraint, f"{name[:12]}…")
    return model
