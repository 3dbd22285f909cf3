"""The experiment as a Python program that computes it again."""

from __future__ import annotations

from descentscape.compute.results import Results
from descentscape.document.experiment import Experiment, minimal
from descentscape.output.exports.base import Export
from descentscape.readers.carried import carried

IMPORT = "import descentscape as ds"

COMPUTE = """results = ds.run(experiment)
for run in results.runs:
    print(f"{run.label}: {run.status} after {len(run.cost) - 1} steps, cost {run.cost[-1]:.6g}")"""
"""What is asked of the document, in a program and in a notebook."""

FIGURE = "ds.figure(experiment)"


def assignment(experiment: Experiment) -> str:
    """The shortest document that means the same, as the dict ``experiment``: literals, whatever it says."""
    # One line a field: a document may carry a hundred thousand numbers, which nobody reads one a line.
    entries = [f"    {name!r}: {value!r},\n" for name, value in minimal(carried(experiment)).items()]
    return f"experiment = {{\n{''.join(entries)}}}"


def to_python(results: Results) -> bytes:
    """A program that computes the runs, says how each ended, and draws them into ``descentscape.html``."""
    draw = f'{FIGURE}.write_html("descentscape.html")'
    parts = ['"""An experiment of Descentscape."""', IMPORT, assignment(results.experiment), COMPUTE, draw]
    return ("\n\n".join(parts) + "\n").encode()


EXPORT = Export(
    kind="python",
    label="Program that computes it again",
    point="Python",
    call="runs",
    media_type="text/x-python",
    endings=("py",),
    write=to_python,
)
