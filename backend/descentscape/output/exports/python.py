"""The experiment as a Python program that computes it again."""

from __future__ import annotations

from descentscape.document.experiment import Experiment, minimal
from descentscape.output.exports.base import Described, Export
from descentscape.readers.carried import carried

IMPORT = "import descentscape as ds"

COMPUTE = """results = ds.run(experiment)
for run in results.runs:
    print(f"{run.label}: {run.status} after {len(run.cost) - 1} steps, cost {run.cost[-1]:.6g}")"""
"""What is asked of the document, in a program and in a notebook."""

REOPEN = "# The document knows these checkpoints by their hash: where their files are, relative to here.\n"

FIGURE = "ds.figure(experiment)"


def assignment(experiment: Experiment) -> str:
    """The shortest document that means the same, as the dict ``experiment``: literals, whatever it says."""
    # One line a field: a document may carry a hundred thousand numbers, which nobody reads one a line.
    entries = [f"    {name!r}: {value!r},\n" for name, value in minimal(carried(experiment)).items()]
    return f"{_reopened(experiment)}experiment = {{\n{''.join(entries)}}}"


def _reopened(experiment: Experiment) -> str:
    """The lines that read the files of recorded runs, which the document only names by their hashes."""
    recorded = [run.recorded for run in experiment.runs if run.recorded is not None]
    names = dict.fromkeys(each.name or "checkpoints" for each in recorded)
    lines = [f"ds.checkpoints({name!r})\n" for name in names]
    return f"{REOPEN}{''.join(lines)}\n" if lines else ""


def to_python(described: Described) -> bytes:
    """A program that computes the runs, says how each ended, and draws them into ``descentscape.html``."""
    draw = f'{FIGURE}.write_html("descentscape.html")'
    parts = ['"""An experiment of Descentscape."""', IMPORT, assignment(described.experiment), COMPUTE, draw]
    return ("\n\n".join(parts) + "\n").encode()


EXPORT = Export(
    kind="python",
    label="Copy as Python",
    point="A program that computes it again",
    call="programs",
    media_type="text/x-python",
    endings=("py",),
    write=to_python,
    copied=True,
)
