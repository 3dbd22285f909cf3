"""A registry that is a folder: what each of its files exports under one name."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from typing import Any


def exported(package: str, files: Iterable[str], name: str) -> tuple[Any, ...]:
    """What the files of a package export under a name, in the order in which the files are named.

    Raises AttributeError for a file without it.
    """
    return tuple(getattr(import_module(f"{package}.{file}"), name) for file in files)
