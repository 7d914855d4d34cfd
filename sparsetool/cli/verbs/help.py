"""Explain the program, or a verb: the same as VERB --help.

'sparsetool guide' is the manual.

    sparsetool help
    sparsetool help train-cycles
"""

from __future__ import annotations

from typing import Annotated

import typer

from .. import options as o


def verb(
    verb: Annotated[
        str | None, o.argument("Verb to explain.", "[VERB]", o.members_of("verbs"))
    ] = None,
) -> None:
    from .. import main

    raise typer.Exit(main.run([*([verb.replace("_", "-")] if verb else []), "--help"]))
