"""The right words where somebody types what other programs call it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ..errors import UsageError
from .parsing import click

# What is typed, and what it is here; the first that the verb has is named.
MEANT = {
    **dict.fromkeys(("-n", "-N", "--cycles", "--num-cycles"), ("--n N",)),
    **dict.fromkeys(("-e", "--num-epochs", "--n-epochs"), ("--epochs E",)),
    **dict.fromkeys(("--learning-rate", "--learning_rate", "--max-lr"), ("--lr RATE",)),
    **dict.fromkeys(("--wd", "--decay", "--l2"), ("--weight-decay W",)),
    **dict.fromkeys(("-b", "--bs", "--batch", "--batchsize"), ("--batch-size B",)),
    **dict.fromkeys(("--opt", "--optim"), ("--optimizer NAME",)),
    **dict.fromkeys(("--scheduler", "--lr-schedule"), ("--schedule NAME",)),
    **dict.fromkeys(("--betas", "--opt-betas"), ("--momentum B1 --beta2 B2",)),
    **dict.fromkeys(("--smoothing", "--ls"), ("--label-smoothing E",)),
    **dict.fromkeys(("--clip", "--clip-grad", "--max-grad-norm"), ("--clip-norm C",)),
    **dict.fromkeys(("--aa", "--randaugment", "--auto-augment"), ("--rand-augment N,M",)),
    **dict.fromkeys(("--model-ema", "--model-ema-decay", "--ema-decay"), ("--ema D",)),
    **dict.fromkeys(("-d", "--dataset"), ("--data NAME",)),
    **dict.fromkeys(("--data-dir", "--data-path"), ("--data-root DIR",)),
    **dict.fromkeys(("--gpu", "--cuda"), ("--device cuda",)),
    **dict.fromkeys(("--amp", "--bf16"), ("--precision bf16",)),
    **dict.fromkeys(("-f", "--overwrite"), ("--force",)),
    **dict.fromkeys(("--out", "--output-file", "--save"), ("-o FILE",)),
    **dict.fromkeys(("--output-dir", "--outdir"), ("--out-dir DIR",)),
    **dict.fromkeys(("-s", "-S"), ("--global S", "--sparsity S", "--seed N")),
    **dict.fromkeys(("--amount", "--ratio", "--sparsity"), ("--global S", "--to S")),
    **dict.fromkeys(("--arch", "--network"), ("--model NAME",)),
}
# The same of one verb alone, in words.
OF_VERB = {
    ("init", "--model"): "the network is a word by itself: init NAME, init FILE.py:FUNCTION",
    ("levels", "--criterion"): "levels prunes by magnitude: else repeat prune, train-cycles",
}
SEEDS = re.compile(r"'--seed': '\d+[-,]")
NUMBER = re.compile(r"\d+(\.\d*)?|\.\d+")


def for_option(error: click.exceptions.ClickException) -> str:
    """A complaint of click; of an unknown option with the one that was meant, where it is known."""
    text = error.format_message()
    command = getattr(getattr(error, "ctx", None), "command", None)
    has = {name for p in (command.params if command else ()) for name in p.opts}
    if SEEDS.search(text) and "--seeds" in has:
        return f"{text.rstrip('.')}; a ticket for each of several is --seeds 0-2"
    if not isinstance(error, click.exceptions.NoSuchOption):
        return text
    if words := OF_VERB.get((command.name or "" if command else "", error.option_name)):
        return f"{error.message} ({words})"
    if ".py:" in error.option_name and "--criterion" in has:
        return f"{error.message} (your own is --criterion {error.option_name.lstrip('-')})"
    for words in MEANT.get(error.option_name, ()):
        if words.split()[0] in has:
            return f"{error.message} (here it is {words})"
    return text


def for_verb(name: str) -> str:
    """Where else a word is known that is no verb: a page of the manual, or a recipe."""
    from .. import guide, recipes

    if name in guide.names():
        return f"; 'sparsetool guide {name}' is a page of the manual"
    return f"; 'sparsetool recipe {name}' is a recipe" if name in recipes.names() else ""


def check_files(verb: str, files: Sequence[str]) -> None:
    """Refuse a number among FILEs, which is most often an option's value.

    Raises:
        UsageError: There is one, and no file of that name.
    """
    for word in files:
        if NUMBER.fullmatch(word.removesuffix("%")) and not Path(word).exists():
            percent = word.endswith("%")
            value = f"{float(word[:-1]) / 100:g}" if percent else word
            option = {"train-cycles": "--n", "levels": "--to"}.get(verb, "--global")
            what = "a number of cycles" if option == "--n" else "a sparsity"
            if verb in ("mask", "prune", "train-cycles", "levels"):
                raise UsageError(f"'{word}' is no file: {what} is typed as {option} {value}")
