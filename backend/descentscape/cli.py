"""The command line: ``descentscape [serve]``, and a command for each thing that is done once."""

from __future__ import annotations

import argparse
import json
import os
import sys
import webbrowser
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, NoReturn

from pydantic import ValidationError

from descentscape.compute.computation import Computation
from descentscape.core.descent.ahead import compile_onto_disk
from descentscape.core.errors import InvalidValue
from descentscape.document.experiment import Experiment
from descentscape.document.field_errors import field_errors, unlisted
from descentscape.output.drawing import Drawing
from descentscape.output.exports import Call, ProgramSource, by_ending
from descentscape.version import VERSION

Add = Callable[[argparse.ArgumentParser, Mapping[str, str]], None]
"""Adds a command's arguments, with defaults of the environment, to its parser."""

PROBLEM = 1
"""The exit code of the doctor who found something that keeps the service from serving."""

WRONG = 2
"""The exit code of a command that was given something wrong."""

INTERRUPTED = 130


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the usage before it."""
        raise SystemExit(_complain(f"{message} (see {self.prog} --help)"))


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code. What was wrong is told in one line on standard error."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        chosen = _parser(os.environ).parse_args(given if _names_command(given) else ["serve", *given])
        command: Callable[[argparse.Namespace], int | None] = chosen.command
        return command(chosen) or 0
    except ValidationError as error:
        more = [f"and {number:,} more"] if (number := unlisted(error)) else []
        return _complain("; ".join([*map(str, field_errors(error)), *more]))
    except OSError as error:
        return _complain(
            f"{error.filename}: {error.strerror}" if error.filename else error.strerror or str(error)
        )
    except InvalidValue as error:
        return _complain(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED


def _complain(message: str) -> int:
    print(f"descentscape: {' '.join(message.split())}", file=sys.stderr)
    return WRONG


def _names_command(given: list[str]) -> bool:
    """Whether the arguments begin with a command, or ask about all of them."""
    return bool(given) and given[0] in {*COMMANDS, "-h", "--help", "--version"}


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = _Parser(prog="descentscape", description="See how a neural network learns.")
    parser.add_argument("--version", action="version", version=VERSION)
    commands = parser.add_subparsers(title="commands", metavar=" | ".join(COMMANDS))
    for name, (words, add) in COMMANDS.items():
        add(commands.add_parser(name, help=words), environment)
    return parser


def _add_place(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    host = environment.get("HOST", "127.0.0.1")
    parser.add_argument("--host", default=host, help="address to listen on (HOST; %(default)s)")
    port = environment.get("PORT", "8000")
    parser.add_argument("--port", type=_port, default=port, help="port to listen on (PORT; %(default)s)")


def _add_serve(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    _add_place(parser, environment)
    quiet = environment.get("NO_BROWSER", "") not in {"", "0"}
    parser.add_argument(
        "--no-browser", action="store_true", default=quiet, help="open no browser (NO_BROWSER=1)"
    )
    parser.add_argument("--root-path", help="path below which a proxy publishes the page, such as /class")
    parser.set_defaults(command=_serve)


def _writes(call: Call) -> Add:
    """A command that writes what it computes of an experiment in the format of the file's ending."""
    formats = by_ending(call)

    def write(chosen: argparse.Namespace) -> None:
        name = chosen.out.name.lower()
        # Of two endings that fit, the longer one says more.
        fitting = sorted((ending for ending in formats if name.endswith(f".{ending}")), key=len)
        if not fitting:
            raise InvalidValue("--out", f"a file that ends in {' or '.join(formats)}", str(chosen.out))
        export = formats[fitting[-1]]
        chosen.out.write_bytes(export.bytes_of(MADE[export.call](_read(chosen.experiment))))

    def add(parser: argparse.ArgumentParser, _: Mapping[str, str]) -> None:
        parser.add_argument("experiment", help="a JSON file with the experiment, or - for standard input")
        words = f"the file to write, which ends in {' or '.join(formats)}"
        parser.add_argument("--out", type=Path, required=True, help=words)
        parser.set_defaults(command=write)

    return add


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= 65535):
        raise argparse.ArgumentTypeError(f"port must be a whole number from 0 to 65535, got {text!r}")
    return int(text)


def _serve(chosen: argparse.Namespace) -> None:
    # Only this command needs the web framework, which takes long to import.
    from descentscape.api.server import serve

    opened = None if chosen.no_browser else webbrowser.open
    serve(chosen.host, chosen.port, root_path=chosen.root_path, open_browser=opened)


def _add_compile(parser: argparse.ArgumentParser, _: Mapping[str, str]) -> None:
    def report(done: int, total: int) -> None:
        last = "\n" if done == total else ""
        if sys.stdout.isatty() or last:
            print(f"\rCompiling networks and optimizers: {done} of {total}", end=last, flush=True)

    def run(_chosen: argparse.Namespace) -> None:
        compile_onto_disk(report)

    parser.set_defaults(command=run)


def _add_table(parser: argparse.ArgumentParser, _: Mapping[str, str]) -> None:
    parser.add_argument("file", type=Path, help="a CSV, TSV or XLSX file; Parquet where pyarrow is installed")
    parser.add_argument("--target", help="the column to predict (guessed)")
    parser.add_argument("--inputs", help="the columns to predict it from, with commas between (all usable)")
    parser.add_argument("--out", type=Path, help="write an experiment that learns it to this JSON file")
    parser.set_defaults(command=_tell_table)


def _tell_table(chosen: argparse.Namespace) -> None:
    from descentscape.readers.telling import as_text, experiment_of

    inputs = chosen.inputs and [name.strip() for name in chosen.inputs.split(",")]
    text, read = as_text(chosen.file, chosen.target, inputs)
    if chosen.out is not None:
        document = experiment_of(chosen.file.name, read.table, chosen.target, inputs)
        chosen.out.write_text(json.dumps(document, ensure_ascii=False), "utf-8")
    print(text)


def _add_doctor(parser: argparse.ArgumentParser, environment: Mapping[str, str]) -> None:
    _add_place(parser, environment)
    parser.add_argument("--json", action="store_true", help="tell it to a program")
    parser.set_defaults(command=_examine)


def _examine(chosen: argparse.Namespace) -> int:
    from descentscape.api import doctor
    from descentscape.api.ops.settings import read_settings
    from descentscape.api.ops.shares import counted

    settings = counted(read_settings(), chosen.host)
    found = doctor.findings(doctor.look(chosen.host, chosen.port), settings)
    print(json.dumps(doctor.as_json(found), ensure_ascii=False) if chosen.json else doctor.as_text(found))
    return PROBLEM if doctor.stops_serving(found) else 0


def _finished(experiment: Experiment) -> Computation:
    return Computation(experiment).finish()


def _read(name: str) -> Experiment:
    try:
        text = sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidValue(name, f"JSON in UTF-8 ({error.reason} at byte {error.start})") from None
    return Experiment.model_validate_json(text)


MADE: dict[Call, Callable[[Experiment], Any]] = {
    "runs": lambda experiment: _finished(experiment).results(),
    "surfaces": lambda experiment: _finished(experiment).finished_surface(),
    "figures": lambda experiment: Drawing(_finished(experiment)),
    "programs": ProgramSource,
}
"""What files are made from, computed of an experiment."""

COMMANDS: dict[str, tuple[str, Add]] = {
    "serve": ("serve the page (the default command)", _add_serve),
    "run": ("compute an experiment’s descents", _writes("runs")),
    "surface": ("compute the cost over an experiment’s plane", _writes("surfaces")),
    "figure": ("draw an experiment as a page or an animation", _writes("figures")),
    "program": ("write code that computes an experiment", _writes("programs")),
    "table": ("say what a table of your own holds, and make an experiment of it", _add_table),
    "doctor": ("say what this machine will hold, and what is in the way", _add_doctor),
    "compile": ("compile what is fast now rather than at its first use", _add_compile),
}
"""Every command, what it does, and what adds its arguments to its parser."""


if __name__ == "__main__":
    sys.exit(main())
