"""`sparsetool guide promises`, "Whole files" and "Up to date": work is done only once."""

from __future__ import annotations

import os
import re
import resource
from pathlib import Path

import pytest

from tests.verbs import reading
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

MASK = ("mask", "--random", "--balanced", "0.5")
LINES = {
    "mask": ("mask", "--random", "--balanced", "0.5", "{mlp}"),
    "prune": ("prune", "--global", "0.9", "{half}"),
    "rewind": ("rewind", "--to", "{mlp}", "{half}"),
    "transfer-signs": ("transfer-signs", "--from", "{mlp}", "{half}"),
    "train-cycles": ("train-cycles", "--epochs", "1", "--threads", "1", "{half}"),
}


def line(verb: str, shelf: Shelf) -> list[str]:
    return [str(shelf[word[1:-1]]) if word[0] == "{" else word for word in LINES[verb]]


@pytest.mark.parametrize("verb", LINES)
def test_up_to_date(verb: str, shell: Shell, shelf: Shelf) -> None:
    """The very result is left alone: exit 0, said so, the file untouched, no torch."""
    shell.ok(*line(verb, shelf), "-o", "t.st")
    before = shell.snapshot()
    again = shell.run(*line(verb, shelf), "-o", "t.st", torch=False)
    assert again.code == 0, again.err
    assert "up to date" in again.err
    assert again.out == b""
    assert shell.snapshot() == before


@pytest.mark.parametrize("verb", LINES)
def test_up_to_date_by_content_not_by_name(verb: str, shell: Shell, shelf: Shelf) -> None:
    """The same input from elsewhere, by pipe: still the same result."""
    words = line(verb, shelf)
    shell.ok(*words, "-o", "t.st")
    again = shell.call(*words[:-1], "-o", "t.st", stdin=Path(words[-1]).read_bytes())
    assert again.code == 0, again.err
    assert "up to date" in again.err


@pytest.mark.parametrize("verb", LINES)
def test_other_existing_target(verb: str, shell: Shell, shelf: Shelf) -> None:
    """Refused before work starts, whatever it is; replaced with --force."""
    result = shell.ok(*line(verb, shelf)).out
    others = {
        "ticket.st": shelf["r20d"].read_bytes(),
        "notes.st": b"my notes\n",
        "torn.st": result[: len(result) // 2],
        "empty.st": b"",
    }
    for name, data in others.items():
        (shell / name).write_bytes(data)
        shell.refuses(1, *line(verb, shelf), "-o", name, says=(name, r"exists", r"--force"))
        assert shell.call(*line(verb, shelf), "-o", name, "--force").code == 0
        assert (shell / name).read_bytes() == result


def test_other_options_seed_or_input_are_not_up_to_date(shell: Shell, shelf: Shelf) -> None:
    shell.ok(*MASK, shelf["mlp"], "-o", "t.st")
    says = r"--force"
    shell.refuses(1, "mask", "--random", "--balanced", "0.6", shelf["mlp"], "-o", "t.st", says=says)
    shell.refuses(1, "mask", "--random", "--erk", "0.5", shelf["mlp"], "-o", "t.st", says=says)
    shell.refuses(1, *MASK, "--seed", "8", shelf["mlp"], "-o", "t.st", says=says)
    shell.refuses(1, *MASK, shelf["other"], "-o", "t.st", says=says)
    shell.refuses(1, *MASK, "--mask-only", shelf["mlp"], "-o", "t.st", says=says)


def test_a_target_whose_weights_were_changed_is_no_longer_the_result(
    shell: Shell, shelf: Shelf
) -> None:
    """The lineage tells what a file should hold; a file cut short is not up to date."""
    shell.ok(*MASK, shelf["mlp"], "-o", "t.st")
    data = (shell / "t.st").read_bytes()
    (shell / "t.st").write_bytes(data[:-100])
    shell.refuses(1, *MASK, shelf["mlp"], "-o", "t.st", says=r"t\.st")


def test_versions_do_not_matter(shell: Shell, shelf: Shelf) -> None:
    """A result of last year's numpy is up to date."""
    shell.ok(*MASK, shelf["mlp"], "-o", "t.st")
    facts, tensors = reading.meta(shell / "t.st"), reading.arrays(shell / "t.st")
    facts["lineage"][-1]["versions"] = {"numpy": "1.26.0", "sparsetool": "0.0.9"}
    (shell / "t.st").write_bytes(reading.pack(tensors, facts))
    again = shell.ok(*MASK, shelf["mlp"], "-o", "t.st")
    assert "up to date" in again.err


def test_missing_input_is_an_error_even_where_the_result_exists(shell: Shell, shelf: Shelf) -> None:
    (shell / "in.st").write_bytes(shelf["mlp"].read_bytes())
    shell.ok(*MASK, "in.st", "-o", "t.st")
    (shell / "in.st").unlink()
    shell.refuses(1, *MASK, "in.st", "-o", "t.st", says=r"in\.st")


def test_symlink_is_followed(shell: Shell, shelf: Shelf) -> None:
    (shell / "store").mkdir()
    (shell / "link.st").symlink_to("store/real.st")
    shell.ok(*MASK, shelf["mlp"], "-o", "link.st")
    assert (shell / "link.st").is_symlink()
    assert reading.kept(shell / "store" / "real.st") == 25_100
    assert "up to date" in shell.ok(*MASK, shelf["mlp"], "-o", "link.st").err
    shell.ok("mask", "--random", "--global", "0.9", shelf["mlp"], "-o", "link.st", "--force")
    assert (shell / "link.st").is_symlink()
    assert reading.kept(shell / "store" / "real.st") == 5020


def test_fifo_is_written_never_replaced(shell: Shell, shelf: Shelf) -> None:
    wanted = shell.ok(*MASK, shelf["mlp"]).out
    for more in ("", "--force"):
        result = shell.bash(
            f"mkfifo f; cat f > got.st & sparsetool {' '.join(MASK)} {shelf['mlp']} -o f {more};"
            "code=$?; wait; test -p f && rm f; exit $code"
        )
        assert result.code == 0, result.err
        assert (shell / "got.st").read_bytes() == wanted
        assert set(shell.snapshot()) == {"got.st"}, "the FIFO was still one, and is removed"


def test_dev_null_is_written_never_replaced(shell: Shell, shelf: Shelf) -> None:
    before = os.stat("/dev/null")
    for more in ((), ("--force",)):
        assert shell.ok(*MASK, shelf["mlp"], "-o", "/dev/null", *more).out == b""
    after = os.stat("/dev/null")
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)
    assert shell.snapshot() == {}


def test_process_substitution_as_target(shell: Shell, shelf: Shelf) -> None:
    wanted = shell.ok(*MASK, shelf["mlp"]).out
    result = shell.bash(
        f"sparsetool {' '.join(MASK)} {shelf['mlp']} -o >(cat > got.st); "
        "for i in $(seq 100); do test -s got.st && break; sleep 0.05; done; sleep 0.1"
    )
    assert result.code == 0, result.err
    assert (shell / "got.st").read_bytes() == wanted


def unwritable(shell: Shell) -> list[str]:
    """Targets that cannot be, for root too, whom permissions do not stop."""
    (shell / "file").write_text("no folder\n")
    (shell / "folder").mkdir()
    targets = ["nowhere/t.st", "file/t.st", "folder", "folder/", f"{'x' * 300}.st"]
    if os.geteuid():
        (shell / "locked").mkdir(mode=0o500)
        targets.append("locked/t.st")
    elif Path("/sys/kernel").is_dir():
        targets.append("/sys/kernel/t.st")
    return targets


@pytest.mark.parametrize("verb", LINES)
def test_unwritable_target(verb: str, shell: Shell, shelf: Shelf) -> None:
    for target in unwritable(shell):
        name = Path(target).name[:40]
        says = re.escape(name)
        shell.refuses(1, *line(verb, shelf), "-o", target, "--quiet", says=says)
        shell.refuses(1, *line(verb, shelf), "-o", target, "--force", "--quiet")


def test_target_is_tried_before_training(shell: Shell, shelf: Shelf) -> None:
    """Hours of work are not lost to a misspelt folder: refused before torch is imported."""
    for option in ("-o", "--log", "--save-epoch"):
        value = "nowhere/t.st" if option != "--save-epoch" else "1:nowhere/t.st"
        result = shell.run(*line("train-cycles", shelf), option, value, torch=False)
        assert result.code == 1, (option, result.err)
        assert "nowhere" in result.err
        assert len(result.lines) == 1


@pytest.mark.parametrize("verb", LINES)
def test_full_device(verb: str, shell: Shell, shelf: Shelf) -> None:
    """/dev/full says ENOSPC to every byte: exit 1, one line, by -o and by redirection."""
    words = " ".join(line(verb, shelf))
    for target in ("-o /dev/full", "> /dev/full"):
        result = shell.bash(f"sparsetool {words} --quiet {target}")
        assert result.code == 1, result.err
        assert len(result.lines) == 1, result.err
        assert result.err.startswith(f"{verb}:")
        assert "space" in result.err.lower()
    assert shell.snapshot() == {}


@pytest.mark.parametrize("verb", LINES)
def test_file_that_cannot_grow(verb: str, shell: Shell, shelf: Shelf) -> None:
    """A quota met halfway: exit 1, one line, no target, no temporary file left behind."""

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    words = line(verb, shelf)
    store = ("--no-store",) if verb == "train-cycles" else ()
    with shell.start(*words, *store, "--quiet", "-o", "t.st", preexec_fn=limited) as process:
        out, err = process.communicate(timeout=60)
    assert process.returncode == 1, err
    assert out == b""
    assert len(err.splitlines()) == 1, err
    assert err.startswith(verb.encode() + b":")
    assert shell.snapshot() == {}


def test_old_target_survives_a_failed_replacement(shell: Shell, shelf: Shelf) -> None:
    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))

    (shell / "t.st").write_bytes(shelf["other"].read_bytes())
    before = shell.snapshot()
    with shell.start(*MASK, shelf["mlp"], "--force", "-o", "t.st", preexec_fn=limited) as process:
        process.communicate(timeout=60)
    assert process.returncode == 1
    assert shell.snapshot() == before
    assert (shell / "t.st").read_bytes() == shelf["other"].read_bytes()


def test_file_into_itself(shell: Shell, shelf: Shelf) -> None:
    """`-o` the very input: refused without --force, safe with it (the input is mapped)."""
    (shell / "t.st").write_bytes(shelf["mlp"].read_bytes())
    wanted = shell.ok(*MASK, "t.st").out
    shell.refuses(1, *MASK, "t.st", "-o", "t.st", says=r"--force")
    shell.ok(*MASK, "t.st", "-o", "t.st", "--force")
    assert (shell / "t.st").read_bytes() == wanted


def test_permissions_are_those_of_any_new_file(shell: Shell, shelf: Shelf) -> None:
    """0666 less the umask, as `>` gives, not a temporary file's 0600."""
    result = shell.bash(
        f"umask 027; sparsetool {' '.join(MASK)} {shelf['mlp']} -o t.st; stat -c %a t.st"
    )
    assert result.out.strip() == b"640", result


def test_a_failing_verb_emits_zero_bytes(shell: Shell, shelf: Shelf) -> None:
    """The chain breaks cleanly: each later verb says what probably happened, none writes."""
    script = f"""set -o pipefail
        sparsetool prune --global 0.1 {shelf["half"]} | sparsetool rewind --to {shelf["mlp"]} |
        sparsetool prune --global 0.9 -o t.st
        echo "${{PIPESTATUS[@]}}" """
    result = shell.bash(script)
    assert result.out.strip() == b"1 1 1"
    assert len(result.lines) == 3, result.err
    assert sum("the command before the pipe probably failed" in text for text in result.lines) == 2
    assert shell.snapshot() == {}


def test_standard_output_is_a_subprocess_pipe_that_breaks(shell: Shell, shelf: Shelf) -> None:
    """The reader is gone: 141, nothing said, for any verb whose ticket fills a pipe."""
    for verb in ("mask", "prune", "rewind", "transfer-signs"):
        result = shell.bash(
            f"sparsetool {' '.join(line(verb, shelf))} --quiet | head -c 10 > /dev/null;"
            'echo "${PIPESTATUS[0]}"'
        )
        assert result.out.strip() == b"141", result.err
        assert result.err == ""


def test_a_reader_gone_before_the_verb_began(shell: Shell, shelf: Shelf) -> None:
    read, write = os.pipe()
    os.close(read)
    with shell.start(*line("prune", shelf), "--quiet", stdout=write) as process:
        os.close(write)
        _, err = process.communicate(timeout=60)
    assert process.returncode in (141, -13)
    assert err == b""


def test_help_into_a_closed_pipe(shell: Shell) -> None:
    result = shell.bash("sparsetool mask --help | true; echo ${PIPESTATUS[0]}")
    assert result.out.strip() in (b"0", b"141")
    assert "Traceback" not in result.err
