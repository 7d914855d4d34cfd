"""Print the completions of a shell: verbs, options, values, tickets and runs after TAB.

They are static: TAB starts no program. A package that adds members is in them when they are printed
anew. Open a new shell afterwards; 'sparsetool doctor' says whether they are active.

    sparsetool completion bash -o ~/.local/share/bash-completion/completions/sparsetool
    sparsetool completion zsh -o ~/.zfunc/_sparsetool
    sparsetool completion fish -o ~/.config/fish/completions/sparsetool.fish
"""

from __future__ import annotations

from typing import Annotated

from ...plugins import find
from .. import options as o
from ..measure import Report

SHELLS = find.members("completion")


def verb(
    shell: Annotated[str, o.argument("Whose: bash, zsh or fish.", "SHELL", SHELLS)],
    output: o.Output = None,
    force: o.Force = False,
    quiet: o.Quiet = False,
) -> None:
    from .. import completion

    made = completion.scripts()[find.load("completion", shell).FILE]
    Report("completion", (), output, force, quiet=quiet).text(made)
