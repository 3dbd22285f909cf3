"""How large an experiment may be: the bounds of the document's fields."""

from __future__ import annotations

MAX_LAYERS = 12
"""Hidden layers of a network."""

MAX_WIDTH = 256
"""Units of a hidden layer."""

MAX_PARAMETERS = 50_000
MAX_REMEMBERED = 1_000_000
"""Parameters times pairs that L-BFGS remembers: 16 MB of state."""

MAX_RUNS = 12
MAX_STEPS = 20_000
MAX_EDITS = 64
MAX_RESOLUTION = 401
"""Points along a side of a surface's grid."""

MAX_ROWS = 5_000
MAX_COLUMNS = 64
MAX_TABLE_INPUTS = 256
"""Inputs that the columns of a table make."""

MAX_CLASSES = 100
"""Classes of data: a confusion matrix has the square of them."""

MAX_CLASS_NAME = 40
"""Characters of a class's name."""

MAX_LABEL = 40
"""Characters of a run's name."""

MAX_SEED = 2**32 - 1
MAX_COORDINATE = 1e6
"""Size of a parameter or coordinate that a document may name."""
