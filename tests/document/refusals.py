"""What a refused document is told."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors


def errors(document: Any) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        Experiment.model_validate(document)
    return {error.field: error.message for error in field_errors(caught.value)}
