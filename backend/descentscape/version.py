"""The version of this program, which its distribution is built with too."""

VERSION = "0.1.0"
