"""``python -m descentscape``: the command line."""

import sys

from descentscape.cli import main

sys.exit(main())
