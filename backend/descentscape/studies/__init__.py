"""The studies: what can be asked about a place of an experiment, one entry each.

A study is asked for over the stream (``study``) and by ``POST inspect``, and answered from rough to whole. A
new one is a file that exports its `Study` in ``STUDIES``, and its name in `FILES`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from descentscape.document.registry import exported
from descentscape.document.schema import Tagged, tagged
from descentscape.studies.base import Reports, Study, Subject
from descentscape.studies.pricing import metered

FILES = (
    "curvature",
    "critical",
    "slopes",
    "basins",
    "directions",
    "lines",
    "null",
    "moving",
    "units",
    "backprop",
    "nudging",
    "autopsy",
    "arrows",
    "sweep",
    "moments",
    "noise",
    "newton",
)

STUDIES: dict[str, Study] = {
    study.kind: study for studies in exported(__name__, FILES, "STUDIES") for study in studies
}
"""Every study by its kind."""

if TYPE_CHECKING:
    StudyRequest: TypeAlias = Tagged
else:
    StudyRequest = tagged([study.request for study in STUDIES.values()])


def conduct(subject: Subject, request: StudyRequest) -> Reports:
    """The work of a study, from rough reports to the whole one; drop it to give it up.

    Raises InvalidValue where the subject has nothing of the sort, TooExpensive for more than is allowed, and
    for what turns out to take several times its price.
    """
    study = STUDIES[request.kind]
    meter = metered(study, subject, request)
    return (yield from meter.metered(study.conduct(subject, request)))


__all__ = ["STUDIES", "Reports", "Study", "StudyRequest", "Subject", "conduct"]
