"""Explain the program, or a verb: the same as VERB --help.

'sparsetool guide' is the manual.

    sparsetool help
    sparsetool help train-cycles
"""

from __future__ import annotations

from typing import Annotated

from .. import options as o


def verb(
    verb: Annotated[
        str | None, o.argument("Verb to explain.", "[VERB]", o.members_of("verbs"))
    ] = None,
) -> None:
    from .. import main

    main.main([*([verb.replace("_", "-")] if verb else []), "--help"])
