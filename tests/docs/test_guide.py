"""The manual tells the truth: its commands parse and run, its links and citations lead somewhere.

Blocks of code in `sparsetool/guide/*.md` that begin with

    ```sh run             are run by bash
    ```python run         are run by Python
    ```python save FILE   are saved as FILE

in order, in one empty folder per topic. Other blocks of `sh` must parse. Those that begin with

    ```python cell        are run as the cells of one notebook
    ```text shown         say what the cell above shows, whatever its figures are
"""

from __future__ import annotations

import ast
import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer

from sparsetool import guide
from sparsetool.cli import main
from sparsetool.errors import UsageError
from sparsetool.plugins import find
from tests.pipelines import warm

ROOT = Path(__file__).parents[2]
TOPICS = guide.names()
BLOCK = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CITED = re.compile(r"""[`']sparsetool guide ([a-z][a-z-]*)[`'](?:, "([^"]+)")?""")
FOREIGN = {"--nproc-per-node", "--signals-to-handle", "--requeue", "--signal"}


def blocks(topic: str) -> list[tuple[str, str]]:
    """Each block's words after the backticks, and its text."""
    return BLOCK.findall(guide.text(topic))


def commands(text: str) -> Iterator[list[str]]:
    """The words after `sparsetool` of every call in a piece of shell."""
    text = re.sub(r"\\\n", " ", text)
    text = re.sub(r"\$\(\([^)]*\)\)|\$\w+", "1", text)
    for line in text.splitlines():
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.wordchars += ":{}[]@%,"
        words: list[str] | None = None
        for token in [*lexer, ";"]:
            if set(token) <= set("|&;()<>"):
                if words is not None:
                    yield words
                words = None
            elif words is not None:
                words.append(token)
            elif token == "sparsetool":
                words = []


def spans(topic: str) -> list[str]:
    """Code within the text, outside of blocks."""
    return re.findall(r"`([^`]+)`", BLOCK.sub("", guide.text(topic)).replace("\n", " "))


def parse(words: list[str]) -> None:
    """See that a call is one: raises where the verb, an option or a value is unknown."""
    assert words[0] in find.members("verbs"), words
    with contextlib.suppress(typer.Exit):  # of --help
        main.load_verb(words[0], words[1:]).make_context(words[0], list(words[1:]))


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """$PATH of a shell that finds this very program."""
    with warm.program(tmp_path_factory.mktemp("bin")) as program:
        yield f"{program.parent}:{os.environ['PATH']}"


def test_the_manual_has_the_topics_that_others_name():
    assert {"start", "pipelines", "masks", "cycles", "promises", "formats"} <= set(TOPICS)
    assert set(guide.ORDER) == set(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_page_begins_with_a_title_and_a_sentence(topic):
    title, empty, sentence, after = guide.text(topic).split("\n", 4)[:4]
    assert re.fullmatch(r"# [A-Z][\w ,-]+", title)
    assert (empty, after) == ("", "")
    assert re.fullmatch(r"[A-Z].{20,110}[.?]|[A-Z].{20,110}", sentence)
    assert guide.summary(topic) == sentence.rstrip(".")
    found = guide.sections(topic)
    assert len(set(found)) == len(found) > 0


def test_the_parser_of_calls_sees_what_is_there():
    """Guards the others: an empty answer would pass them all."""
    text = (
        "for k in 1; do\n  sparsetool prune --rate 0.2 l-$((k-1)).st \\\n | sparsetool show - # x\n"
    )
    assert list(commands(text)) == [["prune", "--rate", "0.2", "l-1.st"], ["show", "-"]]
    with pytest.raises(Exception, match="--nonsense"):
        parse(["mask", "--nonsense"])
    shown = [text for t in TOPICS for info, text in blocks(t) if info.startswith("sh")]
    assert len([words for text in shown for words in commands(text)]) > 60


@pytest.mark.parametrize("topic", TOPICS)
def test_the_calls_of_a_page_parse(topic, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for info, text in blocks(topic):
        if info.startswith("python save "):  # its keywords are options
            Path(info.split(" ")[2]).write_text(text)
        assert info.split(" ")[0] in {"sh", "python", "text", "toml"}, info
        assert info.split(" ")[1:2] in ([], ["run"], ["save"], ["cell"], ["shown"]), info
        if info.startswith("sh"):
            for words in commands(text):
                parse(words)
    for span in spans(topic):
        for words in commands(span) if span.startswith("sparsetool ") else ():
            if not words[0].isupper():
                parse(words)


def test_options_named_in_the_text_are_there():
    known = {"--version", "--help"}
    for verb in find.members("verbs"):
        known |= {name for p in main.load_verb(verb).params for name in p.opts}
    for topic in TOPICS:
        named = {m for span in spans(topic) for m in re.findall(r"(?:^| )(--[a-z][\w-]*)", span)}
        assert named <= known | FOREIGN, topic


@pytest.mark.parametrize("topic", [t for t in TOPICS if any(" run" in i for i, _ in blocks(t))])
def test_the_blocks_of_a_page_run(topic, tmp_path, path):
    state = {"SPARSETOOL_STATE": str(tmp_path / "state"), "PYTHONPATH": str(ROOT)}
    surroundings = {**os.environ, **state, "PATH": path}
    folder = tmp_path / "work"
    folder.mkdir()
    for info, text in blocks(topic):
        language, _, what = info.partition(" ")
        if what.startswith("save "):
            (folder / what.removeprefix("save ")).write_text(text)
        if what != "run":
            continue
        program = (
            [sys.executable, "-c"] if language == "python" else ["bash", "-euo", "pipefail", "-c"]
        )
        done = subprocess.run(
            [*program, text], cwd=folder, env=surroundings, capture_output=True, text=True
        )
        assert done.returncode == 0, f"{text}\n{done.stderr}"


def shown(cell: str, names: dict[str, object]) -> str:
    """What a notebook would show of a cell: what it prints, then its last expression's value."""
    parsed = ast.parse(cell)
    last = parsed.body.pop() if isinstance(parsed.body[-1], ast.Expr) else None
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(parsed, "cell", "exec"), names)
        value = eval(ast.unparse(last), names) if last else None
    if html := getattr(value, "_repr_html_", lambda: None)():
        return re.sub(r"<[^>]+>", " ", html)
    return printed.getvalue() + ("" if value is None else repr(value))


def figureless(text: str) -> list[str]:
    """The words of a text; which numbers they are depends on the machine."""
    return re.sub(r"\d[\d.,]*", "0", text).split()


@pytest.mark.parametrize("topic", [t for t in TOPICS if any(" cell" in i for i, _ in blocks(t))])
def test_the_cells_of_a_page_show_what_it_says(topic, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    compared = 0
    for info, text in blocks(topic):
        if info == "python cell":
            last = shown(text, names)
        elif info == "text shown":
            assert figureless(last) == figureless(text)
            compared += 1
    assert compared > 4


@pytest.mark.parametrize("topic", TOPICS)
def test_links_lead_to_topics(topic):
    for target in re.findall(r"\]\(([^)]+)\)", BLOCK.sub("", guide.text(topic))):
        page, _, anchor = target.partition("#")
        assert page.removesuffix(".md") in TOPICS, target
        assert not anchor, "name the section in words: a terminal shows no anchors"
    for page, section in re.findall(r'\]\(([\w-]+)\.md\),\s+"([^"]+)"', guide.text(topic)):
        assert " ".join(section.split()) in guide.sections(page), f"{page}: {section}"


def citations(text: str) -> list[tuple[str, str]]:
    """Topics, and sections (or nothing), that a file cites; a citation may go over lines."""
    return CITED.findall(re.sub(r"\s*\n\s*(?:# )?", " ", text))


def test_what_code_and_tests_cite_is_there():
    assert citations('(`sparsetool guide promises`,\n    # "Exit codes")') == [
        ("promises", "Exit codes")
    ]
    files = [p for d in ("sparsetool", "tests") for p in (ROOT / d).rglob("*.py")]
    files += [ROOT / "README.md", *(ROOT / ".github").glob("*.md")]
    for path in files:
        for topic, section in citations(path.read_text(encoding="utf-8")):
            assert topic in TOPICS, f"{path}: {topic}"
            assert not section or section in guide.sections(topic), f"{path}: {topic}, {section}"


def test_an_unknown_topic_is_answered_with_the_nearest():
    with pytest.raises(UsageError, match="did you mean promises"):
        guide.text("promise")


LISTED = "".join(f"- `{t}`: {guide.summary(t)}\n" for t in TOPICS)


@pytest.mark.parametrize(
    ("words", "text"), [(["moving_masks"], guide.text("moving-masks")), ([], LISTED)]
)
def test_a_reader_elsewhere_gets_markdown(capfdbinary, words, text):
    with pytest.raises(SystemExit) as stop:
        main.main(["guide", *words])
    assert not stop.value.code
    assert capfdbinary.readouterr().out.decode() == text


def test_a_terminal_gets_the_page_rendered(capfd, monkeypatch):
    monkeypatch.setattr("sparsetool.cli.verbs.guide.on_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "80")
    for words in (["guide", "start"], ["guide"]):
        with pytest.raises(SystemExit):
            main.main(words)
    out = capfd.readouterr().out
    assert "```" not in out
    assert "##" not in out
    assert ".md" not in out
    assert "The first network" in out
    assert max(map(len, out.splitlines())) <= 80
