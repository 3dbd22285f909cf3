"""The report: a table of every row with its goals, and the plots of growth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bench.figures import Figure, Goal, Row
from bench.growth import Curve
from bench.record import GROWTH, PARITY, Record
from bench.rows import ROWS

HEAD = """# Speed

Written by `make bench`, which measures Descentscape side by side with PyTorch, JAX and loss-landscapes: cases
of one comparison take turns in one process, each compiled and warm, and the median of the rounds is shown
with the least and the most. *x ours* is how many times as long as Descentscape a contestant takes, and the
goal beside it what it shall be at least. float64 unless it is said otherwise."""

TABLE = "| work | who | median (least to most) | x ours | goal | |\n| --- | --- | ---: | ---: | ---: | --- |"


def write(folder: Path, records: Mapping[str, Record], name: str = "speed") -> Path:
    """Write ``name.md`` of what was measured, and its plots, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    parts = [HEAD, *_machines(records), *_parity(records)]
    for row in ROWS:
        if row.name in records:
            parts += _section(row, records[row.name])
    if GROWTH in records:
        parts += _growth(folder / f"{name}-growth.svg", records[GROWTH].curves)
    path = folder / f"{name}.md"
    path.write_text("\n\n".join(parts) + "\n")
    return path


def _machines(records: Mapping[str, Record]) -> Iterator[str]:
    """What was measured on which machine, under which versions; mostly all rows on one."""
    groups: dict[tuple[str, tuple[tuple[str, str], ...]], list[Record]] = {}
    for record in records.values():
        groups.setdefault((record.date, tuple(record.machine.items())), []).append(record)
    for (date, facts), rows in groups.items():
        named = "" if len(groups) == 1 else f" ({', '.join(row.name for row in rows)})"
        load = max(row.load for row in rows)
        lines = [f"- {name}: {value}" for name, value in facts]
        lines.append(f"- processes that wanted a processor before a row began: {load:.1f} at most")
        yield f"Measured on {date}{named}:\n\n" + "\n".join(lines)


def _parity(records: Mapping[str, Record]) -> Iterator[str]:
    if PARITY in records:
        yield "## Parity"
        yield "Checked before anything is timed: the largest difference beside the size of what is compared."
        lines = [
            f"| {each.what} | {each.who} | {each.apart:.1e} | {each.allowed:.0e} |"
            for each in records[PARITY].agreements
        ]
        head = "| what | against | apart | allowed |\n| --- | --- | ---: | ---: |"
        yield "\n".join([head, *lines])


def _section(row: Row, record: Record) -> Iterator[str]:
    yield f"## {row.title[0].upper()}{row.title[1:]}"
    yield row.note
    yield "\n".join([TABLE, *(_line(figure) for figure in record.figures)])
    if row.obstacle and any(figure.met is False for figure in record.figures):
        yield f"What stands in the way: {row.obstacle}"


def _line(figure: Figure) -> str:
    ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
    goal = "" if figure.goal is None else _goal(figure.goal)
    met = {None: "", True: "reached", False: "**missed**"}[figure.met]
    spread = (
        f" ({number(min(figure.values))} to {number(max(figure.values))})" if len(figure.values) > 1 else ""
    )
    middle = f"{number(figure.median)}{spread} {figure.unit}"
    return f"| {figure.work} | {figure.who} | {middle} | {ratio} | {goal} | {met} |"


def _goal(goal: Goal) -> str:
    sign = {"times": "x", "most": "≤", "least": "≥"}[goal.kind]
    return f"{sign} {goal.bound:,g}"


def number(value: float) -> str:
    """Three digits, thousands parted."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _growth(picture: Path, curves: tuple[Curve, ...]) -> Iterator[str]:
    plot(picture, curves)
    yield "## Growth"
    yield (
        "Ours. The exponent is that of a power law through the larger half of the sizes; the mathematics "
        "demands the one beside it."
    )
    head = (
        "| time of | over | from | to | exponent | demanded | |\n" + "| --- " * 2 + "| ---: " * 4 + "| --- |"
    )
    lines = [
        f"| {each.title} | {each.over} | {number(each.sizes[0])}: {number(each.seconds[0] * 1000)} ms "
        f"| {number(each.sizes[-1])}: {number(each.seconds[-1] * 1000)} ms "
        f"| {each.exponent:.2f} | {each.demanded:g} | {'' if each.met else '**more**'} |"
        for each in curves
    ]
    yield "\n".join([head, *lines])
    yield f"![Time against size, on logarithmic axes]({picture.name})"


def plot(path: Path, curves: tuple[Curve, ...]) -> None:
    """A panel a curve on logarithmic axes, with the demanded slope through its end."""
    import matplotlib as mpl

    mpl.use("svg")
    from matplotlib import pyplot, ticker

    columns = 4
    figure, panels = pyplot.subplots(
        -(-len(curves) // columns), columns, figsize=(14, 3.4 * -(-len(curves) // columns)), squeeze=False
    )
    for panel, curve in zip(panels.flat, curves, strict=False):
        milliseconds = [1000 * each for each in curve.seconds]
        demanded = [milliseconds[-1] * (size / curve.sizes[-1]) ** curve.demanded for size in curve.sizes]
        panel.loglog(curve.sizes, demanded, "--", color="#999999", label=f"size^{curve.demanded:g}")
        panel.loglog(curve.sizes, milliseconds, "o-", label=f"measured, size^{curve.exponent:.2f} at the end")
        panel.set(title=curve.title.replace("`", ""), xlabel=curve.over, ylabel="ms")
        panel.set_ylim(min(milliseconds) / 3, max(milliseconds) * 1.5)
        for axis in (panel.xaxis, panel.yaxis):
            axis.set_minor_formatter(ticker.NullFormatter())
        panel.legend(frameon=False, fontsize="small")
    for panel in list(panels.flat)[len(curves) :]:
        panel.set_visible(False)
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})
    pyplot.close(figure)
