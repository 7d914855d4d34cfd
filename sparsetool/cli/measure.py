"""What measuring verbs share: tickets in, a table or JSON Lines out.

See `sparsetool guide promises`, "Measuring verbs".

A measuring verb is written so:

    report = Report("eval", files, output, force=force, json=json, quiet=quiet, labels=label)
    sources = report.read()                                     # every input whole, before torch
    heads = [report.head(s, split="test", options={"bn": bn}) for s in sources]
    if report.present(heads):                                   # -o FILE holds these very lines
        return
    rows = [{**head, **figures(s.ticket)} for head, s in zip(heads, sources)]
    report.emit(rows, [Column("file"), Column("accuracy", "accuracy", ".2%")])

`head` has the fields by which a line is known (measure, digest, split, options, labels), so give it
every option that changes what is measured, and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import SparsetoolError
from ..files import open_file
from . import jsonl as lines
from .jsonl import Row
from .natural import natural
from .options import labels_of
from .tables import Column, console, label_columns, on_terminal, table
from .targets import Target, at_most_one_stdin, read, write
from .targets import target as target_of

if TYPE_CHECKING:
    from ..ticket.value import Ticket

__all__ = ["Column", "Report", "Source", "settled"]


@dataclass(frozen=True)
class Source:
    """One input: the name it was given by, and the ticket."""

    file: str
    ticket: Ticket


@dataclass
class Report:
    """One call of a measuring verb.

    Attributes:
        verb: Its name, which is the field `measure` of its lines.
        files: The FILE arguments; none means standard input.
        output: The value of `-o`, or None.
        force: Whether an existing file may be overwritten.
        json: Whether to write JSON Lines on a terminal too.
        quiet: Whether to say nothing on standard error.
        labels: The values of `--label`, as typed.
    """

    verb: str
    files: Sequence[str] | None = None
    output: str | None = None
    force: bool = False
    json: bool = False
    quiet: bool = False
    labels: list[str] | None = None
    _target: Target | None = field(default=None, init=False)

    def read(self) -> list[Source]:
        """Read every input whole; a bad label or target is refused before that."""
        from ..ticket.format import enough
        from ..ticket.value import Ticket  # not for --help: it imports numpy

        labels_of(self.labels)
        self.target()
        names = natural(list(self.files or ["-"]), self.say)
        at_most_one_stdin(names)
        example = f"sparsetool {self.verb} ticket.st"
        return [Source(name, Ticket.load(*read(name, example, enough))) for name in names]

    def head(
        self,
        *sources: Source,
        split: str | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Row:
        """The fields every line begins with.

        Args:
            sources: The ticket measured; two for a measure of pairs, whose line then has `files`,
                `digests` and a list of sparsities.
            split: Part of the data it is measured on.
            options: What else decides the figures, by option name; None and False are left out.
        """
        if len(sources) == 1:
            ticket = sources[0].ticket
            head: Row = {
                "file": sources[0].file,
                "digest": ticket.digest,
                "sparsity": ticket.sparsity,
                "epochs": ticket.epochs,
                "cycles": cycles(ticket),
            }
        else:
            head = {
                "files": [source.file for source in sources],
                "digests": [source.ticket.digest for source in sources],
                "sparsity": [source.ticket.sparsity for source in sources],
                "epochs": [source.ticket.epochs for source in sources],
                "cycles": [cycles(source.ticket) for source in sources],
            }
        head["measure"] = self.verb
        if split is not None:
            head["split"] = split
        chosen = {k: v for k, v in (options or {}).items() if v is not None and v is not False}
        if chosen:
            head["options"] = chosen
        head["labels"] = labels_of(self.labels)
        return head

    def target(self) -> Target:
        """Where the lines go: standard output, unless `-o` names a file."""
        if self._target is None:
            self._target = target_of(self.output, None)
        return self._target

    def present(self, heads: Sequence[Row]) -> bool:
        """Whether `-o FILE` already holds exactly the lines that begin with `heads`.

        Raises:
            SparsetoolError: The file exists and holds something else, and there is no `--force`.
        """
        wanted = [lines.identity(head) for head in heads]

        def same(data: memoryview) -> bool:
            try:
                return [lines.identity(row) for row in lines.decode(data, "")] == wanted
            except SparsetoolError:
                return False

        return self._settled(same)

    def _settled(self, same: Callable[[memoryview], bool]) -> bool:
        done = settled(self.target(), same, self.force)
        if done:
            self.say(f"{self.target().name} is up to date")
        return done

    @property
    def on_screen(self) -> bool:
        """Whether a person reads the rows at a terminal."""
        lines_wanted = self.json or self.output is not None
        return not lines_wanted and self.target().path is None and on_terminal()

    def emit(
        self,
        rows: Sequence[Row],
        columns: Sequence[Column],
        details: Callable[[Row], Iterable[Any]] = lambda row: (),
    ) -> None:
        """Write the rows: a table on a terminal, JSON Lines elsewhere.

        Args:
            rows: The lines, in order.
            columns: What the table shows of them; labels follow by themselves.
            details: What to print under the table for each row (rich renderables).

        Raises:
            SparsetoolError: A figure is not finite, or the file cannot be written.
        """
        data = lines.encode(rows)
        if self.on_screen:
            screen = console()
            screen.print(table(rows, [*columns, *label_columns(rows)], screen.width))
            for row in rows:
                for detail in details(row):
                    screen.print(detail)
            return
        self._deliver(data, f": {len(rows)} line{'s' * (len(rows) != 1)}")

    def text(self, text: str) -> None:
        """Write plain text (a script) instead of rows, under the same rules.

        Raises:
            SparsetoolError: `-o FILE` exists and holds something else, and there is no `--force`.
        """
        self._deliver(text.encode(), "")

    def _deliver(self, data: bytes, words: str) -> None:
        target = self.target()
        if self._settled(lambda old: old == data):
            return
        write(target, [data])
        if target.path is not None:
            self.say(f"wrote {target.name}{words}")

    def say(self, text: str) -> None:
        """One line on standard error, unless quiet."""
        if not self.quiet:
            print(f"{self.verb}: {text}", file=sys.stderr, flush=True)


def cycles(ticket: Ticket) -> int:
    """Cycles that led to a ticket on its main line."""
    return sum(record["verb"] == "train-cycles" for record in ticket.main_line)


def settled(target: Target, same: Callable[[memoryview], bool], force: bool) -> bool:
    """Whether a target already holds the very result asked for, which then needs no work.

    Args:
        target: Where the result would go.
        same: Tells from the target's bytes whether they are that result.
        force: Whether another result there may be overwritten.

    Raises:
        SparsetoolError: It exists and is something else, and there is no `force`.
    """
    if force or not target.exists():
        return False
    if same(open_file(str(target.path))):
        return True
    raise SparsetoolError(
        f"{target.name} exists and is another result: "
        "give another -o FILE, remove it, or add --force"
    )
