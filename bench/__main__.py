"""``python -m bench``: parity first, then every row of the table, then growth, then the report."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from time import perf_counter

from bench import machine
from bench.figures import Figure, Row
from bench.growth import curves
from bench.isolated import ROOT
from bench.parity import agreements
from bench.record import GROWTH, PARITY, Record, keep, kept, record
from bench.report import write
from bench.rows import ROWS
from bench.timing import QUICK, Effort

BUSY = 0.7
"""A load above which figures say little."""


def main() -> None:
    chosen = _arguments()
    if chosen.avx2 and not machine.keeps_to_avx2():
        # Libraries look at the environment when they are read.
        os.execve(sys.executable, [sys.executable, "-m", "bench", *sys.argv[1:]], os.environ | machine.AVX2)
    name = "avx2" if chosen.avx2 else "results"
    measured = ROOT / ".bench" / ("quick" if chosen.quick else name)
    if not chosen.report:
        _measure(measured, chosen.only, QUICK if chosen.quick else Effort())
    folder = measured if chosen.quick else ROOT / "docs"
    print(f"Written: {write(folder, kept(measured), 'speed-avx2' if chosen.avx2 else 'speed')}")


def _arguments() -> argparse.Namespace:
    names = [*(row.name for row in ROWS), GROWTH]
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words = f"measure these again and keep the others as they were: {', '.join(names)}"
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="ROW", help=words)
    parser.add_argument("--quick", action="store_true", help="small work, to try the bench itself")
    parser.add_argument("--avx2", action="store_true", help="keep all contestants to AVX2")
    parser.add_argument("--report", action="store_true", help="write the report of what was measured before")
    return parser.parse_args()


def _measure(folder: Path, names: list[str], effort: Effort) -> None:
    _warn()
    keep(folder, _parity())
    for row in ROWS:
        if row.name in names:
            keep(folder, _measured(row, effort))
    if GROWTH in names:
        keep(folder, _growth(effort))


def _warn() -> None:
    if "OPENBLAS_CORETYPE" in os.environ and not machine.keeps_to_avx2():
        print("OPENBLAS_CORETYPE is set, which slows matrix products: unset it for figures that count")
    if machine.load() > BUSY:
        print(f"The machine is busy ({machine.load():.1f} processes): figures will say little")


def _parity() -> Record:
    """Hold every peer against us; a bench that does not agree refuses to time."""
    load, began, found = machine.load(), perf_counter(), []
    print(f"{PARITY}: whether all compute the same", flush=True)
    for agreement in agreements():
        found.append(agreement)
        if not agreement.holds:
            apart = f"{agreement.apart:.1e}, allowed {agreement.allowed:.0e}"
            print(f"  {agreement.what}, {agreement.who}: {apart}")
    if not all(agreement.holds for agreement in found):
        sys.exit("The contestants do not agree: nothing is timed")
    print(f"  {len(found)} comparisons agree")
    return record(PARITY, load, perf_counter() - began, agreements=tuple(found))


def _measured(row: Row, effort: Effort) -> Record:
    print(f"{row.name}: {row.title}", flush=True)
    load, began, found = machine.load(), perf_counter(), []
    for figure in row.measure(effort):
        found.append(figure)
        _say(figure)
    return record(row.name, load, perf_counter() - began, figures=tuple(found))


def _say(figure: Figure) -> None:
    ratio = "" if figure.ratio is None else f"  x {figure.ratio:.2f}"
    met = {None: "", True: "  reached", False: "  missed"}[figure.met]
    print(f"  {figure.work:44} {figure.who:38} {figure.median:12,.3f} {figure.unit}{ratio}{met}", flush=True)


def _growth(effort: Effort) -> Record:
    print(f"{GROWTH}: time against size", flush=True)
    load, began, found = machine.load(), perf_counter(), []
    for curve in curves(effort):
        found.append(curve)
        print(f"  {curve.title} over {curve.over}: {curve.exponent:.2f} of {curve.demanded:g}", flush=True)
    return record(GROWTH, load, perf_counter() - began, curves=tuple(found))


if __name__ == "__main__":
    main()
