"""What a picture may and may not claim, in words: the captions of the page and of the figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from descentscape.core.landscape.plane import Plane
from descentscape.core.number_format import percent, running_number, short_number
from descentscape.document.names import isolated
from descentscape.document.planes import PLANES, PlaneSpec
from descentscape.output.height_axis import HeightAxis

CLEARLY_ABOVE = 0.05
"""A share this close to the random walk's says nothing about the descent."""

RUN_CAPTION = {
    "strong": "{cost}",
    "text": ", projected cost {shadow_cost}, off the plane {off_plane}",
    "brief": ", projected {shadow_cost}, off plane {off_plane}",
    "gap": ": the gap exceeds the picture’s whole range",
    "gap_brief": ": gap beyond the range",
}
"""The sentence of a run at a step; its numbers are put in where they are known, on the page at every step."""

LOG_REFUSED = "linear: a log scale needs costs above 0"


@dataclass(frozen=True)
class Caption:
    """One sentence: what is read first, and the rest, which follows it at once where it begins with a comma.

    ``name`` is that of the run which the sentence is about; it stands in front.
    ``brief`` is the rest where room is short; without one the sentence is left out there.
    """

    key: str
    strong: str
    text: str
    brief: str | None = None
    warn: bool = False
    name: str | None = None


def plane_captions(
    plane: Plane, spec: PlaneSpec | None, labels: Sequence[str], *, provisional: bool = False
) -> list[Caption]:
    """What a plane shows of the parameters, how it was chosen, and what it holds beside chance."""
    if plane.exact:
        return [Caption("exact", "Exact", "both parameters shown, nothing left out", "both parameters shown")]
    said = [Caption("slice", "Slice", f"{plane.dim:,} parameters, 2 shown", f"2 of {plane.dim:,}")]
    if provisional:
        said.append(Caption("provisional", "Provisional plane", "refitted when the run is complete", ""))
    if plane.variance_share is not None:
        said.append(_share(plane, _whose_variance(spec, labels)))
    if not plane.orthonormal:
        kept = "directions keep the length their normalisation gave them"
        said.append(Caption("oblique", "Not orthonormal", kept, ""))
    return [*said, Caption("note", "Plane", plane.note)]


def _share(plane: Plane, whose: str) -> Caption:
    share = sum(plane.variance_share or ())
    if plane.null_share is None:
        return Caption("share", percent(share), whose, "of variance")
    chance = sum(plane.null_share)
    walk = PLANES[plane.kind].walk
    text, brief = f"{whose} ({walk}: {percent(chance)})", f"of variance (chance {percent(chance)})"
    if share >= chance + CLEARLY_ABOVE:
        return Caption("share", percent(share), text, brief)
    text += ", no more than chance would: read the plane with care"
    return Caption("share", percent(share), text, f"{brief}, no more than chance", warn=True)


def _whose_variance(spec: PlaneSpec | None, labels: Sequence[str]) -> str:
    """The paths that the plane's shares are of: those that it was fitted to."""
    chosen = list(labels)
    runs = None if spec is None else PLANES[spec.kind].runs(spec)
    if runs is not None:
        chosen = [labels[k] for k in runs]
    if len(chosen) == len(labels):
        return "of the paths’ variance"
    if len(chosen) == 1:
        return f"of the variance of {isolated(chosen[0])}’s path"
    return f"of the variance of {len(chosen)} of the {len(labels)} paths"


def axis_captions(axis: HeightAxis) -> list[Caption]:
    """What the heights are, and what of the surface is cut off or missing."""
    said = []
    if axis.log or axis.refused:
        text = LOG_REFUSED if axis.refused else "log of the cost, for surface and paths alike"
        said.append(Caption("log", "Height", text))
    if axis.missing:
        share = percent(axis.missing / axis.cells)
        text = f"on {share} of the surface, where the cost is not finite: left out there"
        said.append(Caption("holes", "No value", text, f"on {share}"))
    beyond = [
        f"{percent(count / axis.cells)} of the surface lies {side} {running_number(end)}"
        for count, side, end in ((axis.above, "above", axis.high), (axis.below, "below", axis.low))
        if count
    ]
    if beyond:
        text = ", ".join(beyond)
        brief = text.replace(" of the surface lies", "")
        said.append(Caption("clipped", "Clipped", f"{text}: drawn flat there", brief))
    return said


def axis_notes(axis: HeightAxis) -> list[str]:
    """The same in the few words that fit beside the colour bar."""
    return [
        *([LOG_REFUSED] if axis.refused else []),
        *([f"drawn flat above {short_number(axis.high)}"] if axis.above else []),
        *([f"drawn flat below {short_number(axis.low, 2 if axis.log else 3)}"] if axis.below else []),
    ]


ENDS = {"diverged": "diverged", "no_slope": "no slope"}
"""The ends before all steps are taken, in the page's words."""


def end_of(status: str, step: int) -> str:
    """How a run ended before its steps were taken, as of its last step; empty where it took them."""
    return f"{ENDS[status]} at step {step:,}" if status in ENDS else ""


def run_caption(
    label: str, cost: float, shadow_cost: float, off_plane: float, *, exact: bool, ended: str = ""
) -> Caption:
    """A run's two heights and its distance from the plane at a step, and how it ended there."""
    numbers = {"cost": cost, "shadow_cost": shadow_cost, "off_plane": off_plane}

    def filled(text: str) -> str:
        for name, value in numbers.items():
            text = text.replace(f"{{{name}}}", running_number(value))
        return text

    text = ("" if exact else filled(RUN_CAPTION["text"])) + (ended and f", {ended}")
    return Caption("run", filled(RUN_CAPTION["strong"]), text, name=isolated(label))


def line_of(caption: Caption) -> tuple[str, str]:
    """What is read first, and the rest as it follows it: after a title, which is no number, a colon."""
    text, strong = caption.text, caption.strong
    text = text if text.startswith((",", ":")) or not text else f" {text}"
    if caption.name is not None:
        return f"{caption.name} {strong}", text
    return strong + (":" if strong[:1].isupper() and text.startswith(" ") else ""), text


def axis_content(axes: dict[str, HeightAxis]) -> dict[str, dict[str, object]]:
    """Both axes as they are sent, each with its captions and its notes."""
    return {
        wanted: {**vars(axis), "captions": list(map(vars, axis_captions(axis))), "notes": axis_notes(axis)}
        for wanted, axis in axes.items()
    }
