"""A pipeline of verbs with lists in it, as a script: one pipeline for every combination of values.

`init mlp --seed {seed} | mask --random --balanced {sparsity}` over seeds 0, 1 and sparsities 0.8,
0.9 is four pipelines. Stages that have the same words and the same input are made once, since the
script becomes jobs (`recipes.jobs`).
"""

from __future__ import annotations

import itertools
import math
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ..errors import UsageError, nearest
from .recording import Grammar, named_code, parsed

PLACE = re.compile(r"\{([A-Za-z][\w-]*|)\}")
RANGE = re.compile(r"(\d+)-(\d+)")
MOST = 100_000  # pipelines: more is a slip of the finger
UNFIT = re.compile(r"[^\w.+@-]")  # what an engine cannot have in the name of a file


@dataclass(frozen=True)
class Case:
    """One pipeline of a sweep.

    Attributes:
        labels: The value of each list, by its name.
        stages: Words of each verb; the last one writes `result`.
        result: Its file.
        lines: The file with its figures.
        code: Options that name the user's own code for `eval`, as the pipeline names it.
    """

    labels: Mapping[str, str]
    stages: Sequence[Sequence[str]]
    result: str
    lines: str
    code: Sequence[str] = ()

    @property
    def script(self) -> str:
        """Its lines of a shell script."""
        shown = " ".join(f"{name}={value}" for name, value in self.labels.items())
        pipeline = " |\n  ".join(shlex.join(["sparsetool", *words]) for words in self.stages)
        measured = [word for pair in self.labels.items() for word in ("--label", "=".join(pair))]
        if self.result == self.lines:
            return f"# {shown}\n{pipeline}\n"
        words = ["sparsetool", "eval", "--quiet", *measured, *self.code]
        words += [self.result, "-o", self.lines]
        return f"# {shown}\n{pipeline}\n{shlex.join(words)}\n"


def values(text: str) -> list[str]:
    """The values of a list as typed: `0.8,0.9`, or whole numbers from one to another, `0-4`.

    Raises:
        UsageError: One is empty or twice there, or a range runs backwards.

    Example:
        >>> values("0-2,7")
        ['0', '1', '2', '7']
    """
    found: list[str] = []
    for part in text.split(","):
        if numbers := RANGE.fullmatch(part):
            first, last = int(numbers[1]), int(numbers[2])
            if not first <= last < first + MOST:
                raise UsageError(f"{part} is no range of whole numbers that ascends")
            found += map(str, range(first, last + 1))
        else:
            found.append(part)
    if "" in found or len(set(found)) < len(found):
        raise UsageError(f"a list has a value that is empty or twice there: '{text}'")
    return found


def stages(line: str, grammar: Grammar) -> list[list[str]]:
    """The words of each verb of a pipeline.

    Args:
        line: As typed in a shell, with or without `sparsetool` before the verbs.
        grammar: What the words after each verb are.

    Raises:
        UsageError: It is no pipeline of verbs, or its last verb names its own result.
    """
    lexer = shlex.shlex(line, posix=True, punctuation_chars="|;&<>()")
    lexer.whitespace_split = True
    found: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word == "|":
                found.append([])
            elif set(word) <= set("|;&<>()"):
                raise UsageError(
                    f"the line is one pipeline of verbs, without '{word}': "
                    "a script of your own goes to 'sparsetool recipe FILE.sh'"
                )
            else:
                found[-1].append(word)
    except ValueError as error:  # a quotation that does not end
        raise UsageError(f"the line cannot be read: {str(error).lower()}") from None
    found = [words[words[:1] == ["sparsetool"] :] for words in found]
    for words in found:
        if not words:
            raise UsageError(f"the line has an empty stage: '{line}'")
        if words[0] not in grammar:
            raise UsageError(f"unknown verb '{words[0]}': {nearest(words[0], list(grammar))}")
    last = grammar[found[-1][0]]
    kinds = {kind for _, kind in last.options.values()}
    if "result" not in kinds:
        raise UsageError(f"the line ends with {found[-1][0]}, which writes no ticket and no lines")
    if {"output", "out-dir"} & set(parsed(found[-1], last)[0]):
        raise UsageError("the results are named by their values: leave -o out of the line")
    return found


def cases(
    line: str, lists: Mapping[str, Sequence[str]], folder: str, grammar: Grammar
) -> list[Case]:
    """Every pipeline of a sweep, the last list's values changing first.

    Args:
        line: The pipeline; `{NAME}` stands for a value of the list of that name, `{}` for the
            name of the pipeline's own files, without an ending.
        lists: Values by name.
        folder: Where the results go.
        grammar: What the words after each verb are.

    Raises:
        UsageError: The line or a list cannot be; the message says which.
    """
    found = stages(line, grammar)
    named = [name for words in found for word in words for name in PLACE.findall(word) if name]
    for name in named:
        if name not in lists:
            hint = f" ({nearest(name, list(lists))})" if lists else ""
            raise UsageError(f"the line has {{{name}}}: give --{name} VALUE,VALUE{hint}")
    for name in lists:
        if name not in named:
            raise UsageError(
                f"--{name} is a list, but the line has no {{{name}}}: write it where the value goes"
            )
    if (count := math.prod(map(len, lists.values()))) > MOST:
        raise UsageError(f"{count:,} pipelines are more than a sweep makes ({MOST:,})")
    made, taken = [], set[str]()
    for chosen in itertools.product(*lists.values()):
        labels = dict(zip(lists, chosen, strict=True))
        stem = f"{folder}/{_name(labels)}"
        if stem in taken:
            raise UsageError(f"two pipelines would write {stem}: give values of other names")
        taken.add(stem)
        made.append(_case(found, labels, stem, grammar))
    return made


def _name(labels: Mapping[str, str]) -> str:
    parts = (f"{name}-{UNFIT.sub('-', value)}" for name, value in labels.items())
    return "_".join(parts) or "result"


def _case(
    found: Sequence[Sequence[str]], labels: Mapping[str, str], stem: str, grammar: Grammar
) -> Case:
    def filled(match: re.Match[str]) -> str:
        return labels[match[1]] if match[1] else stem

    words = [[PLACE.sub(filled, word) for word in stage] for stage in found]
    lines = f"{stem}.jsonl"
    if not grammar[words[-1][0]].rows:
        calls = [(stage[0], *parsed(stage, grammar[stage[0]])[:2]) for stage in words]
        code = {k: v for call in calls for k, v in named_code(*call).items()}
        words[-1] += ["-o", f"{stem}.st"]
        options = [word for name, spec in code.items() for word in (f"--{name}", spec)]
        return Case(labels, words, f"{stem}.st", lines, options)
    if "--label" in grammar[words[-1][0]].options:
        for name, value in labels.items():
            words[-1] += ["--label", f"{name}={value}"]
    words[-1] += ["-o", lines]
    return Case(labels, words, lines, lines)


def script(made: Sequence[Case]) -> str:
    """All pipelines as one shell script, to be recorded or run."""
    folders = sorted({case.result.rpartition("/")[0] for case in made})
    body = "".join(case.script for case in made)
    return f"set -euo pipefail\nmkdir -p {shlex.join(folders)}\n{body}"
