"""`--help` of every verb says what it must and shows lines that parse; bad names are answered."""

from __future__ import annotations

import re
import shlex

import pytest

from sparsetool.cli import main
from sparsetool.plugins import find

VERBS = find.members("verbs")


@pytest.fixture
def run(capsys, monkeypatch):
    """The program in this process: exit code, standard output, standard error."""
    monkeypatch.setenv("COLUMNS", "80")

    def call(*args: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as stop:
            main.main(list(args))
        out, err = capsys.readouterr()
        return int(stop.value.code or 0), out, err

    return call


def flowing(text: str) -> str:
    """Text without its line breaks, which depend on the width."""
    return " ".join(text.split())


def examples(verb: str, text: str) -> list[list[str]]:
    """The words of each example line of a help text, up to a pipe, comment or redirection."""
    lines = re.findall(rf"^\s*(sparsetool {verb}\b.*)$", text, re.MULTILINE)
    unquoted = re.compile(r"\s[|>#](?=(?:[^']*'[^']*')*[^']*$)")
    return [shlex.split(unquoted.split(line)[0]) for line in lines]


def test_the_program_lists_every_verb_with_its_summary(run):
    code, out, err = run("--help")
    assert (code, err) == (0, "")
    for verb in VERBS:
        assert re.search(rf"^\s+{verb}\s", out, re.MULTILINE)
        assert find.summary("verbs", verb) in flowing(out)


@pytest.mark.parametrize("flag", ["--help", "-h"])
@pytest.mark.parametrize("verb", VERBS)
def test_help_explains_a_verb(run, verb, flag):
    code, out, err = run(verb, flag)
    assert (code, err) == (0, "")
    assert f"Usage: sparsetool {verb}" in out
    assert find.summary("verbs", verb) in flowing(out)
    for parameter in main.load_verb(verb).params:
        assert parameter.help, f"{parameter.name} has no help"
        assert "".join(parameter.help.split()) in "".join(out.split())
        if parameter.param_type_name == "option":
            for name in parameter.opts:
                assert re.search(rf"(^|\s){name}\b", out), name


@pytest.mark.parametrize("verb", VERBS)
def test_the_lines_that_help_shows_parse(run, verb):
    _, out, _ = run(verb, "--help")
    shown = examples(verb, out.partition("Options:")[0].partition("Usage:")[2].partition("\n")[2])
    assert shown, "an example line that begins with the verb"
    for words in shown:
        command = main.load_verb(verb)
        command.make_context(verb, words[2:])  # raises where an option or value is unknown


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_verb_is_answered_with_the_nearest(run, verb):
    code, out, err = run(verb[:-1] + "x" + verb[-1])
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "unknown verb" in err
    assert re.search(rf"did you mean .*\b{verb}\b", err)


@pytest.mark.parametrize("verb", VERBS)
def test_an_unknown_option_is_refused(run, verb):
    code, out, err = run(verb, "--nonsense")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"{verb}: ")
    assert "--nonsense" in err


def test_a_mistyped_option_is_answered_with_the_nearest(run):
    code, _, err = run("mask", "--randon")
    assert code == 2
    assert "--random" in err


def test_no_verb_at_all_shows_how_to_use_it(run):
    code, out, err = run()
    assert (code, out) == (2, "")
    assert "Usage: sparsetool" in err


def test_help_is_a_verb_too(run):
    for words in (["prune"], ["train_cycles"], []):
        code, out, err = run("help", *words)
        assert (code, err) == (0, "")
        assert out == run(*(word.replace("_", "-") for word in words), "--help")[1]
    assert run("help", "prun")[0] == 2
