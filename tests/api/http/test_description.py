"""The calls keep to /openapi.json, whatever documents are made from it, such as it allows and others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from api.serving import serving
from descentscape.api.app import create_app
from descentscape.api.ops.settings import Settings
from fuzzing import examples

SCHEMA = schemathesis.openapi.from_dict(create_app(Settings()).openapi())
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    status_code_conformance,
    response_schema_conformance,
]
TAKEN = [label for label in OPERATIONS if label.startswith("POST")]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving(Settings(compute_seconds=0.2)) as address:
        yield address


@pytest.mark.hypothesis
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(service: str, label: str) -> None:
    @examples(30, among=len(OPERATIONS))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(OPERATIONS[label].as_strategy())
        case.validate_response(case.call(base_url=service), checks=CHECKS)

    check()


@pytest.mark.hypothesis
@pytest.mark.parametrize("label", TAKEN)
def test_what_is_not_described_is_refused(service: str, label: str) -> None:
    @examples(20, among=len(TAKEN))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(OPERATIONS[label].as_strategy(GenerationMode.NEGATIVE))
        case.validate_response(case.call(base_url=service), checks=[*CHECKS, negative_data_rejection])

    check()
