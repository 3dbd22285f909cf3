"""The colours of the runs, the same on the page and in figures."""

from __future__ import annotations

RUN_COLORS = ("#e69f00", "#56b4e9", "#cc79a7", "#009e73", "#d55e00", "#f0e442", "#0072b2", "#999999")
"""Colours that colour-blind people tell apart (Okabe and Ito 2008), in the order of the runs."""


def color_of(run: int) -> str:
    """The colour of the run of this number."""
    return RUN_COLORS[run % len(RUN_COLORS)]
