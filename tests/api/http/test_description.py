"""The calls keep to /openapi.json, whatever documents are made from it, such as it allows and others."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from schemathesis import Case, CheckFunction, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from api.serving import PATIENCE, serving
from descentscape.api.app import create_app
from descentscape.api.ops.settings import Settings
from fuzzing import examples

REFUSED = ["413", "422"]
"""Lists longer than they may be can make a body that is larger than it may be."""

CONFIG = SchemathesisConfig.from_dict({"checks": {"negative_data_rejection": {"expected-statuses": REFUSED}}})
SCHEMA = schemathesis.openapi.from_dict(create_app(Settings()).openapi(), config=CONFIG)
OPERATIONS = {operation.ok().label: operation.ok() for operation in SCHEMA.get_all_operations()}
TAKING = [label for label, operation in OPERATIONS.items() if operation.body or operation.query]
WITH_BODY = [label for label in TAKING if OPERATIONS[label].body]
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    status_code_conformance,
    response_schema_conformance,
]


@pytest.fixture(scope="module")
def service() -> Iterator[str]:
    with serving(Settings(compute_seconds=0.2)) as address:
        yield address


def check_answer(service: str, case: Case, *more: CheckFunction) -> None:
    case.validate_response(case.call(base_url=service, timeout=PATIENCE), checks=[*CHECKS, *more])


@pytest.mark.hypothesis
@pytest.mark.parametrize("label", OPERATIONS)
def test_answers_are_as_described(service: str, label: str) -> None:
    @examples(30, among=len(WITH_BODY))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        check_answer(service, data.draw(OPERATIONS[label].as_strategy()))

    check()


@pytest.mark.hypothesis
@pytest.mark.parametrize("label", TAKING)
def test_what_is_not_described_is_refused(service: str, label: str) -> None:
    @examples(20, among=len(TAKING))
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(OPERATIONS[label].as_strategy(GenerationMode.NEGATIVE))
        check_answer(service, case, negative_data_rejection)

    check()
