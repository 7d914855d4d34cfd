"""One ticket in, one ticket out: the steps that every checkpoint verb shares.

Read every input whole, decide where the result goes, see whether it is there already, work, write,
and say what was done (`sparsetool guide promises`). What happens in between is the verb's science.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..errors import BrokenPromise, SparsetoolError
from ..ticket.format import enough, is_foreign
from ..ticket.lineage import recorded
from ..ticket.matrices import outside
from ..ticket.value import Ticket
from . import targets
from .progress import counting

Inputs = dict[str, Ticket]


@dataclass
class VerbCall:
    """One call of a checkpoint verb.

    Attributes:
        verb: Its name.
        file: The FILE argument, or None.
        output: The value of `-o`, or None.
        force: Whether an existing file may be overwritten.
        quiet: Whether to say nothing.
        others: Paths of further inputs, by role (`from`, `to`, `parent`).
        default: Name of the default output, where it is not made from FILE's or the model's.
        takes_masks: Whether FILE may hold masks alone.
        foreign: Roles of inputs that may be other people's files of masks.
        model: The value of `--model`, which must be FILE's own, or None.
        inputs: The tickets read, by role; filled by `read`.
    """

    verb: str
    file: str | None = None
    output: str | None = None
    force: bool = False
    quiet: bool = False
    others: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    takes_masks: bool = False
    foreign: tuple[str, ...] = ()
    model: str | None = None
    inputs: Inputs = field(default_factory=dict)

    def read(self) -> Ticket:
        """Read every input whole, the main one last; the main one is returned."""
        from ..plugins.own_code import name_model

        example = f"sparsetool {self.verb} ticket.st"
        targets.at_most_one_stdin([self.file, *self.others.values()])
        theirs = {}
        for role, path in self.others.items():
            if role in self.foreign:
                from ..networks import containers

                content = targets.read(path, example, containers.enough)
                if is_foreign(content[0]):
                    theirs[role] = content
                    continue
            else:
                content = targets.read(path, example, enough)
            self.inputs[role] = Ticket.load(*content)
        data, name = targets.read(self.file, example, enough)
        main = Ticket.load(data, name)
        if main.kind == "mask" and not self.takes_masks:
            raise SparsetoolError(
                f"{name} holds masks alone, but {self.verb} needs a ticket with weights: "
                "give the ticket as FILE, and masks to 'mask --from'"
            )
        name_model(main, self.model)
        for role, content in theirs.items():
            from ..networks.convert import masks_from

            self.inputs[role] = masks_from(*content, main, self.say)
        self.inputs["ticket"] = main
        return main

    def say(self, text: str) -> None:
        """One line on standard error, unless quiet."""
        if not self.quiet:
            print(f"{self.verb}: {text}", file=sys.stderr, flush=True)

    def target(self, suffix: str = "st") -> targets.Target:
        """Where the result goes; a name made up for a person at a prompt ends in `suffix`."""
        if self.default is not None:
            name = self.default
        else:
            piped = self.file in (None, "-")
            model = str(self.inputs["ticket"].meta["model"])
            stem = plain(model) if piped else Path(str(self.file)).stem
            name = f"{stem}.{self.verb}.{suffix}"
        return targets.target(self.output, name)

    def expected(self, options: Mapping[str, Any], seed: int) -> dict[str, Any]:
        """What the result's last record must say."""
        return {
            "verb": self.verb,
            "options": recorded(options),
            "seed": seed,
            "inputs": {role: t.digest for role, t in self.inputs.items()},
        }

    def present(self, target: targets.Target, is_result: Callable[[Ticket], bool]) -> bool:
        """Whether the target already holds the very result asked for, and is sound.

        Raises:
            SparsetoolError: It exists and is something else, and there is no `--force`.
        """
        if self.force or not target.exists():
            return False
        try:
            old = Ticket.load(str(target.path))
        except SparsetoolError:
            raise SparsetoolError(
                f"{target.name} exists and is no sound ticket: "
                "give another -o FILE, remove it, or add --force"
            ) from None
        if is_result(old):
            self.say(f"{target.name} is up to date")
            return True
        raise SparsetoolError(
            f"{target.name} exists and is another result: "
            "give another -o FILE, remove it, or add --force"
        )

    def write(self, target: targets.Target, result: Ticket, words: str = "") -> None:
        """Write the result and say so."""
        targets.write(target, result.chunks())
        where = f"wrote {target.name}: " if target.path is not None else ""
        self.say(f"{where}{counts(result)}{words}{_outside(result, self.verb)}")

    def transform(
        self,
        options: Mapping[str, Any] | Callable[[Ticket], Mapping[str, Any]],
        act: Callable[[Inputs], Ticket],
        *,
        seed: int | None = None,
        words: Callable[[Ticket], str] = lambda result: "",
    ) -> None:
        """The whole life of a verb that makes one ticket in one step.

        Args:
            options: Result options as the record will hold them, or what gives them for the main
                input (where defaults depend on it).
            act: Makes the result from the inputs by role.
            seed: The value of `--seed`.
            words: What to add to the closing line.
        """
        main = self.read()
        target = self.target()
        exact = options(main) if callable(options) else options
        wanted = self.expected(exact, main.seed if seed is None else seed)
        if self.present(target, lambda old: made_by(old, wanted)):
            return
        with counting(self.verb, self.quiet):
            result = act(self.inputs)
        if not made_by(result, wanted):
            raise BrokenPromise(f"the record of {self.verb} does not say what was asked: {wanted}")
        self.write(target, result, words(result))


def made_by(result: Ticket, wanted: Mapping[str, Any]) -> bool:
    """Whether the last step of `result` is the one described by `wanted`."""
    last: Mapping[str, Any] = dict(result.lineage[-1]) if result.lineage else {}
    return all(last.get(key) == value for key, value in wanted.items())


def plain(spec: str) -> str:
    """A model's or data set's name as part of a file name (`mlp:300-100` becomes `mlp-300-100`)."""
    name = Path(spec.partition("@sha256:")[0]).name
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name)


def _outside(result: Ticket, verb: str) -> str:
    """What the sparsity does not cover, in words: nothing where every matrix is prunable."""
    sizes = outside(result.weights, result.prunable, result.meta["buffers"])
    if not sizes:
        return ""
    total, of = sum(sizes.values()), f"{len(sizes)} matri{'x' if len(sizes) == 1 else 'ces'}"
    if verb != "init":
        return f"; {total:,} weights in {of} outside the prunable list are left dense"
    names = ", ".join(list(sizes)[:3]) + (", ..." if len(sizes) > 3 else "")
    return f"; {total:,} weights in {of} are not prunable ({names}): --prune-also takes them in"


def counts(result: Ticket) -> str:
    """How many weights live, in words."""
    kept, total = result.kept, result.total
    return f"{kept:,} of {total:,} prunable weights kept, sparsity {result.sparsity:.4g}"
