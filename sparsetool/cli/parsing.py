"""The one place that reaches for what Typer keeps to itself.

Typer builds its commands on a copy of click of its own, which it does not export (`import click`
finds nothing, or another copy), and it has no commands that are imported when called. So the types
of its commands, parameters and errors are taken from that copy, here alone: for commands loaded on
use, for completions and for reading the words of a script. Nothing of it is changed.
"""

from typer import _click as click
from typer.core import TyperGroup

__all__ = ["TyperGroup", "click"]
