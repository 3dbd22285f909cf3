"""How many examples a property is tried on, and values that a model's JSON schema allows.

`make test` tries each property on a few examples that are always the same; ``make fuzz`` (the profile
``thorough``) on ten thousand new ones.
"""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

THOROUGH = "thorough"
THOROUGH_EXAMPLES = 10_000

Values = st.SearchStrategy[Any]


def register_profiles() -> None:
    """Make ``--hypothesis-profile thorough`` known; the other one is for every day."""
    common: dict[str, Any] = {"deadline": None, "suppress_health_check": list(HealthCheck)}
    settings.register_profile("brief", derandomize=True, database=None, **common)
    settings.register_profile(THOROUGH, max_examples=THOROUGH_EXAMPLES, print_blob=True, **common)
    settings.load_profile("brief")


def examples(brief: int, among: int = 1, **more: Any) -> settings:
    """Settings with so many examples; under ``thorough`` ten thousand, shared among so many tests."""
    thorough = settings.get_current_profile_name() == THOROUGH
    return settings(max_examples=-(-THOROUGH_EXAMPLES // among) if thorough else brief, **more)


def allowed_by(model: Any, most: int = 9) -> Values:
    """Values of a model, or of a union of models, as JSON has them; whole numbers and lists kept small.

    They follow the schema alone: the rules between fields may refuse them.
    """
    schema = TypeAdapter(model).json_schema()
    return _Reader(schema.get("$defs", {}), most).values(schema)


TEXTS = st.text(max_size=8) | st.sampled_from(["\ud800", "\u202e", "=1+1", "\x00"])


class _Reader:
    """Reads a JSON schema as strategies; what it names is read when it is drawn."""

    def __init__(self, named: dict[str, Any], most: int) -> None:
        self._named, self._most = named, most
        self._read: dict[str, Values] = {}

    def values(self, schema: dict[str, Any]) -> Values:
        if "$ref" in schema:
            name = schema["$ref"].rpartition("/")[2]
            if name not in self._read:
                self._read[name] = st.deferred(lambda: self.values(self._named[name]))
            return self._read[name]
        for several in ("anyOf", "oneOf"):
            if several in schema:
                return st.one_of(*map(self.values, schema[several]))
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        read: Values = getattr(self, f"_{schema.get('type', 'any')}")(schema)
        return read

    def _any(self, _schema: dict[str, Any]) -> Values:
        return TEXTS

    def _null(self, _schema: dict[str, Any]) -> Values:
        return st.none()

    def _boolean(self, _schema: dict[str, Any]) -> Values:
        return st.booleans()

    def _integer(self, schema: dict[str, Any]) -> Values:
        low = schema.get("minimum", 0)
        return st.integers(low, min(schema.get("maximum", low + self._most), low + self._most))

    def _number(self, schema: dict[str, Any]) -> Values:
        low = schema.get("minimum", schema.get("exclusiveMinimum", -1e6))
        high = schema.get("maximum", schema.get("exclusiveMaximum", 1e6))
        return st.floats(low, high, exclude_min="exclusiveMinimum" in schema) | st.floats(
            low, min(high, low + 1), exclude_min="exclusiveMinimum" in schema
        )

    def _string(self, schema: dict[str, Any]) -> Values:
        if "pattern" in schema:
            return st.from_regex(schema["pattern"], fullmatch=True).map(lambda text: text[:8])
        return TEXTS

    def _array(self, schema: dict[str, Any]) -> Values:
        if "prefixItems" in schema:
            return st.tuples(*map(self.values, schema["prefixItems"])).map(list)
        low = schema.get("minItems", 0)
        most = min(schema.get("maxItems", low + 3), low + 3)
        return st.lists(self.values(schema["items"]), min_size=low, max_size=most)

    def _object(self, schema: dict[str, Any]) -> Values:
        if "properties" not in schema:
            return st.dictionaries(st.integers(0, 9).map(str), st.floats(-9, 9), min_size=1, max_size=3)
        fields = {name: self.values(field) for name, field in schema["properties"].items()}
        # A tag has a default in the model, and yet nothing is chosen without it.
        needed = {*schema.get("required", ()), *({"kind", "type"} & fields.keys())}
        return st.fixed_dictionaries(
            {name: field for name, field in fields.items() if name in needed},
            optional={name: field for name, field in fields.items() if name not in needed},
        )
