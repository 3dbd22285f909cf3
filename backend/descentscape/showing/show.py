"""`ds.show`: whatever there is, in a browser."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable

from descentscape.compute.results import Results
from descentscape.document.experiment import Experiment
from descentscape.explorations.exploration import Exploration
from descentscape.showing.experiments import show_experiment, show_exploration
from descentscape.showing.shown import Shown


def show(
    what: Experiment | Results | Exploration, open_browser: Callable[[str], object] | None = webbrowser.open
) -> Shown:
    """Serve what is to be shown, and open it."""
    if isinstance(what, Exploration):
        shown = show_exploration(what)
    elif isinstance(what, Results):
        shown = show_experiment(what.experiment)
    else:
        shown = show_experiment(what)
    if open_browser is not None:
        open_browser(shown.url)
    return shown
