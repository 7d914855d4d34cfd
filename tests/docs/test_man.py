"""`guide --man`: pages for man, whole, sound, and made of the same text as help and manual."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from sparsetool import guide
from sparsetool.cli import main, man_pages
from sparsetool.guide import roff
from sparsetool.plugins import find
from tests.docs.shells import needed

MADE = man_pages.pages()
REQUESTS = {*("SH", "SS", "PP", "IP", "TP", "RS", "RE", "EX", "EE", "TH", "B", "nh", "ad"), '\\"'}


def words(text: str) -> Counter[str]:
    return Counter(re.findall(r"[^\W_]+", text))


def shown(page: str) -> str:
    """The text of a page as a reader sees it."""
    lines = [line for line in page.splitlines() if not line.startswith('.\\"')]
    text = "\n".join(re.sub(r"^\.(SH|SS|IP|TP|TH|B)\b ?|^\.\w+$", "", line) for line in lines)
    text = re.sub(r"\\f[BIR]|\\&|\\\(bu", "", text)
    text = re.sub(r"\\\[u([0-9A-F]{4})\]", lambda found: chr(int(found[1], 16)), text)
    for plain, escaped in roff.SPECIAL.items():
        text = text.replace(escaped, plain)
    return text


def test_every_verb_and_every_topic_has_a_page() -> None:
    verbs = {f"man1/sparsetool-{verb}.1" for verb in find.members("verbs")}
    topics = {f"man7/sparsetool-{topic}.7" for topic in guide.names()}
    assert set(MADE) == {"man1/sparsetool.1"} | verbs | topics
    top = shown(MADE["man1/sparsetool.1"])
    for place in set(MADE) - {"man1/sparsetool.1"}:
        assert f"{Path(place).stem}({place[3]})" in top


@pytest.mark.parametrize("place", MADE)
def test_a_page_is_one(place: str) -> None:
    """Its first lines are what `whatis` reads, no line is an unknown request, none is empty."""
    page = MADE[place]
    name = Path(place).stem
    heading = f'.TH "{roff.escaped(name.upper())}" {place[3]} "'
    assert page.splitlines()[0] == man_pages.MARK
    assert page.splitlines()[1].startswith(heading)
    assert f"\n.SH NAME\n{roff.escaped(name)} \\- " in page
    asked = {line[1:].split(" ")[0] for line in page.splitlines() if line[:1] in (".", "'")}
    assert asked <= REQUESTS
    assert not re.search(r"\n\n|\n\.PP\n\.(?!RS)|^\.S[HS] .*\n\.PP$", page, re.MULTILINE)
    assert page.count("\\f") == 2 * page.count("\\fR")
    assert page.count(".EX") == page.count(".EE") == page.count(".RS") == page.count(".RE")


@pytest.mark.parametrize("verb", find.members("verbs"))
def test_a_page_says_what_help_says(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main.main([verb, "--help"])
    told = capsys.readouterr().out.replace("Usage:", "").replace("Options:", "")
    told = re.sub(r"^(Arguments):$", "", told, flags=re.MULTILINE)
    page = shown(MADE[f"man1/sparsetool-{verb}.1"])
    assert not words(told.replace("-\n", "-")) - words(page)
    assert page.index("\nSYNOPSIS\n") < page.index("\nDESCRIPTION\n") < page.index("\nOPTIONS\n")


@pytest.mark.parametrize("topic", guide.names())
def test_a_page_says_what_the_manual_says(topic: str) -> None:
    """Tables, lists, code and what comes after them."""
    text = re.sub(r"\[[^\]]+\]\(([\w-]+)\.md\)", r"\1", guide.text(topic).split("\n", 2)[2])
    text = re.sub(r"^```.*$|^\|[-|: ]+\|$", "", text, flags=re.MULTILINE)
    page = shown(MADE[f"man7/sparsetool-{topic}.7"])
    lost = words(text) - words(page)
    heads = re.findall(r"^(\|.*\|)\n\|[-|: ]+\|$", guide.text(topic), re.MULTILINE)
    assert not lost - words(" ".join(heads)), "headings of tables alone may be left out"
    for section in guide.sections(topic):
        assert section.replace("`", "") in page


def test_what_would_be_a_request_is_text() -> None:
    assert roff.prose(".st is a name") == ["\\&.st is a name"]
    assert roff.code("'a' \\\n\n.b -c~^`") == [
        *(".PP", ".RS 4", ".EX", "\\(aqa\\(aq \\e", "\\&", "\\&.b \\-c\\(ti\\(ha\\(ga"),
        *(".EE", ".RE"),
    ]
    assert roff.markdown(
        "## Two\n\n1. `a` *b*\n2. **c** →\n\n| x | y | z |\n|---|---|---|\n| 1 | 2 | 3 |\n\nafter"
    ) == [
        *(".SH Two", ".IP 1. 4", "\\fBa\\fR \\fIb\\fR", ".IP 2. 4", "\\fBc\\fR \\[u2192]"),
        *(".TP", "1", "y: 2; z: 3", ".PP", "after"),
    ]


def test_pages_are_written_where_man_looks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Again, those of another version give way; what is not ours stays."""
    folder = tmp_path / "share" / "man"
    few = {
        place: text for place, text in MADE.items() if "mask" in place or "1/sparsetool." in place
    }
    monkeypatch.setattr(man_pages, "pages", lambda: few)

    def call(*args: str) -> int:
        with pytest.raises(SystemExit) as stop:
            main.main(["guide", *args])
        return int(stop.value.code or 0)

    assert call("--man", str(folder)) == 0
    assert f"wrote {len(few)} pages" in capsys.readouterr().err
    page = folder / "man1" / "sparsetool-mask.1"
    assert page.read_text() == MADE["man1/sparsetool-mask.1"]
    page.write_text(man_pages.MARK + "\nolder\n")
    assert call("--man", str(folder)) == 0
    assert page.read_text() == MADE["man1/sparsetool-mask.1"]
    page.write_text("mine\n")
    (folder / "man1" / "sparsetool.1").unlink()
    assert call("--man", str(folder)) == 1
    assert "is no page of this program" in capsys.readouterr().err
    assert page.read_text() == "mine\n"
    assert not (folder / "man1" / "sparsetool.1").exists()
    assert call("--man", str(page)) == 1
    assert call("--man", str(folder), "masks") == 2


CHECKS = {"mandoc": ["-Tlint"], "groff": ["-man", "-ww", "-z"]}


@pytest.mark.parametrize("program", CHECKS)
def test_who_formats_them_has_nothing_to_say(program: str, tmp_path: Path) -> None:
    needed(program)
    files = [tmp_path / Path(place).name for place in MADE]
    for file, text in zip(files, MADE.values(), strict=True):
        file.write_text(text)
    done = subprocess.run([program, *CHECKS[program], *files], capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
