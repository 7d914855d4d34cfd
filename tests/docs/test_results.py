"""The page of results is made of the rows that are kept, and those are as they were measured."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sparsetool import guide, init, recipes
from tests.benchmarks import keep_rows, results_page
from tests.benchmarks.results_page import Unclear

KNOBS = {"SCALE": "smoke", "CYCLES": "2"}
PLACE = "2026-11-26, two cores"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """The folder of a recipe `cyclic` whose two seeds gain 2 and 3 points by a second cycle."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "init-0.st").write_bytes(b"a ticket")
    for seed, gain in (("0", 0.02), ("1", 0.03), ("2", 0.04)):
        for name, sparsity in (("dense", 0.0), ("random-0.9", 0.9)):
            labels = {"method": name.replace("-", " "), "seed": seed}
            rows = [
                dict(
                    file=f"{name}/{cycle}.st",
                    digest=f"{name}{seed}{cycle}",
                    measure="eval",
                    split="test",
                    sparsity=sparsity,
                    epochs=cycle,
                    cycles=cycle,
                    labels=labels,
                    accuracy=0.5 + gain * (cycle - 1),
                )
                for cycle in (1, 2)
            ]
            text = "".join(f"{json.dumps(row)}\n" for row in rows)
            (folder / f"{name}-{seed}.jsonl").write_text(text)
    return folder


def kept(out: Path, *seeds: str) -> Path:
    """The rows of seeds, in a folder of results of their own."""
    keep_rows.keep("cyclic", out, seeds, KNOBS, PLACE, out.parent / "results")
    return out.parent / "results" / "smoke" / "cyclic"


def block(folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(results_page.SCALES, "smoke", "Made up")
    return "\n\n".join(results_page.block(results_page.measured(folder), pictures=False))


def test_the_page_is_made_of_the_rows() -> None:
    made = results_page.page()
    assert guide.text("results") == made, "run python -m tests.benchmarks.results_page"
    assert set(re.findall(r"^Recipe `([\w-]+)`", made, re.MULTILINE)) == set(recipes.names())


def test_tables_and_verdicts_are_of_the_seeds_that_are_kept(out, monkeypatch) -> None:
    text = block(kept(out, "2", "0", "1"), monkeypatch)
    assert "**Made up**: mlp:40-20 on digits, cycles of 1 epochs; seeds 0, 1, 2: 2026" in text
    assert "Claim: 2 cycles are above one." in text
    # Differences 2, 3 and 4 points: mean 3, interval 4.303 / sqrt 3 around it, p 2 x 0.035.
    row = "| 2 | 0.9 | +3.00 | +0.52 to +5.48 | 0.0702 | "
    assert row in text
    assert re.search(r"random 0.9 +\| +2 +\| +3 \| +90.00% \| +53.00% ± 2.48%", text)
    assert "SCALE=smoke CYCLES=2 SEEDS='0 1 2' sparsetool recipe cyclic | bash" in text
    assert "Not finished" not in text


def test_a_long_table_is_a_file_beside_the_rows(out, monkeypatch) -> None:
    folder = kept(out, "1")
    monkeypatch.setitem(results_page.SCALES, "smoke", "Made up")
    whole = "\n\n".join(results_page.block(results_page.measured(folder), pictures=False))
    monkeypatch.setattr(results_page, "LONGEST", 3)
    text = "\n\n".join(results_page.block(results_page.measured(folder), pictures=True))
    assert "cyclic/cyclic.md`." in text
    assert (folder / "cyclic.md").read_text().strip() in whole
    assert "random 0.9   |" not in text
    assert (folder / "cyclic.png").exists()


def test_one_seed_tells_nothing(out, monkeypatch) -> None:
    text = block(kept(out, "1"), monkeypatch)
    assert "| 2 | 0.9 | +3.00 | cannot be told |\n" in text


def test_what_is_not_there_yet_is_said(out, monkeypatch) -> None:
    (out / "random-0.9-0.jsonl").unlink()
    folder = kept(out, "0")
    text = block(folder, monkeypatch)
    assert "Not finished: there is no `random-0.9-0.jsonl` yet." in text
    assert "random 0.9" not in text
    (folder / "dense-0.jsonl").write_text((out / "dense-0.jsonl").read_text().splitlines()[0])
    assert "What it needs is not measured yet." in block(folder, monkeypatch)


def test_rows_alone_are_kept_and_once(out) -> None:
    folder = kept(out, "0")
    before = (folder / "measured.toml").read_bytes()
    assert kept(out, "0") == folder
    assert (folder / "measured.toml").read_bytes() == before
    assert {path.name for path in folder.iterdir()} == {
        *("dense-0.jsonl", "random-0.9-0.jsonl", "measured.toml")
    }
    said = folder / "measured.toml"
    said.write_text(said.read_text().replace('notes = """\n', 'notes = """\nWith "care".\n'))
    found = results_page.measured(kept(out, "1"))
    assert (found.seeds, found.notes) == ({"0": PLACE, "1": PLACE}, 'With "care".\n')


def test_the_script_that_makes_the_tickets_is_kept(out, monkeypatch) -> None:
    rows = (out / "dense-0.jsonl").read_text().replace("dense/2.st", "out/levels/dense-0.st")
    two = json.dumps({"files": ["dense/1.st", "dense/2.st"], "measure": "diff"})
    (out / "dense-0.jsonl").write_text(f"{rows}{two}\n")
    (out / "levels").mkdir()
    init("mlp:8", seed=5).save(out / "levels" / "dense-0.st")
    script = (kept(out, "0") / "tickets-0.sh").read_text()
    assert "sparsetool init mlp:8 --data digits --seed 5 -o dense-0.st" in script
    assert "cyclic/tickets-0.sh`." in block(out.parent / "results/smoke/cyclic", monkeypatch)


def test_rows_that_do_not_fit_are_refused(out) -> None:
    folder = kept(out, "0")
    results = folder.parents[1]
    with pytest.raises(Unclear, match=r"was measured with .*'2'.*, not with .*'3'.*the same knobs"):
        keep_rows.keep("cyclic", out, ["1"], {**KNOBS, "CYCLES": "3"}, PLACE, results)
    with pytest.raises(Unclear, match=r"no rows of seed 7: wanted dense-7.jsonl"):
        keep_rows.keep("cyclic", out, ["7"], KNOBS, PLACE, results)
    (folder / "dense-5.jsonl").write_text("")
    with pytest.raises(Unclear, match=r"rows of seed 5.* add 5 = .DATE, MACHINE. under \[seeds\]"):
        results_page.measured(folder)


def test_knobs_are_those_of_the_recipe() -> None:
    surroundings = {
        "SCALE": "photos",
        "EPOCHS": "5",
        "SEEDS": "1",
        "OUT": "x",
        "HOME": "/",
        "DATA": "",
    }
    assert keep_rows.knobs_of("sculpt", surroundings) == {"SCALE": "photos", "EPOCHS": "5"}


def test_a_comparison_fits_a_page() -> None:
    """Of an equivalence its own corrected p is shown; what no comparison has is not."""
    names = "first|second|seeds|p|p, Holm|p, equal within 1 points, Holm|seeds needed|equal"
    rows = ["a|b, c|3|0.1|0.2|0.3||holds", "a|d|3|0.5|0.5|0.6||does not hold"]
    table = "\n".join(f"|{row}|" for row in (names, "|".join(["---"] * 8), *rows))
    assert results_page.verdicts(table).splitlines() == [
        "| first | second | p, equal within 1 points, Holm | equal |",
        "| --- | --- | --- | --- |",
        "| a | b, c | 0.3 | holds |",
        "| a | d | 0.6 | does not hold |",
    ]
    one = table.replace("|a|d|3|", "|a|b, c|3|").replace(
        "does not hold", "cannot be told with 3 seeds"
    )
    assert results_page.verdicts(one).splitlines() == [
        "| beside b, c | p, equal within 1 points, Holm | equal |",
        "| --- | --- | --- |",
        "| a | 0.3 | holds |",
        "| a | 0.6 | cannot be told |",
    ]
    assert "with 3 seeds" in results_page.verdicts(one.replace("b, c|3|0.1", "b, c|2|0.1"))
    noise = (
        "| source | sparsity | mean |\n| --- | --- | --- |\n| mask | 0.9 | 1 |\n| order | 0.9 | 2 |"
    )
    assert results_page.verdicts(noise).startswith("| source | mean |")
    assert "sparsity" in results_page.verdicts(noise.replace("order | 0.9", "order | 0.8"))
    head = "| sparsity | above | method |\n| --- | --- | --- |"
    method = f"{head}\n| 0 | no | dense |\n| 0.9 | no | random |"
    assert results_page.verdicts(method).startswith("| sparsity | above |\n")
    assert "method" in results_page.verdicts(f"{method}\n| 0.9 | no | snip |")
    plain = table.replace("p, equal within 1 points, Holm", "95% t interval (points)")
    assert results_page.verdicts(plain).startswith("| first | second | p, Holm | 95% t interval |")
