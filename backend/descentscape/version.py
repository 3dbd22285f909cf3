"""The version of this program."""

from importlib.metadata import PackageNotFoundError, version

try:
    VERSION = version("descentscape")
except PackageNotFoundError:
    VERSION = "0+source"
