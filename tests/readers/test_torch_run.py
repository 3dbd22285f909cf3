"""A network trained in PyTorch: what torch and scikit-learn find in its run is found here."""

from __future__ import annotations

from pathlib import Path

from readers.torch_claims import claims, holds


def test_what_torch_found_in_its_run_is_found_here() -> None:
    folder = Path(__file__).parent / "torch_run"
    holds(folder / "run.zip", claims(folder / "found.json"))
