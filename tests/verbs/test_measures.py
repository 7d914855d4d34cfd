"""lmc, hessian, flops and diff at the shell: their lines, their pictures, their refusals."""

import json

import pytest

from tests.verbs.shell import Shell


@pytest.fixture
def cycles(shell: Shell, tmp_path):
    """Two cycles of a small network with half of its weights, as files."""
    start, masked = tmp_path / "start.st", tmp_path / "masked.st"
    shell.ok("init", "mlp:20", "-q", "-o", str(start))
    shell.ok("mask", "--random", "--balanced", "0.5", "-q", str(start), "-o", str(masked))
    folder = tmp_path / "cycles"
    how = ("--n", "2", "--epochs", "1", "--threads", "1", "-q", "--keep", str(folder))
    shell.ok("train-cycles", *how, str(masked), "-o", str(tmp_path / "trained.st"))
    return [str(folder / f"cycle-{k}.st") for k in (1, 2)]


def lines(done):
    return [json.loads(line) for line in done.out.splitlines()]


def test_lmc_gives_one_line_a_split_whose_ends_are_eval(cycles, shell, tmp_path):
    picture = tmp_path / "line.png"
    done = shell.ok("lmc", "--points", "3", "--bn", "interpolate", "--plot", str(picture), *cycles)
    found = {line["split"]: line for line in lines(done)}
    assert set(found) == {"train", "test"}
    assert picture.read_bytes().startswith(b"\x89PNG")
    ends = lines(shell.ok("eval", *cycles))
    for end, at in zip(ends, (0, -1), strict=True):
        assert found["test"]["loss"][at] == pytest.approx(end["loss"], abs=1e-6)
        assert found["test"]["error"][at] == pytest.approx(1 - end["accuracy"], abs=1e-6)


def test_a_quiet_process_says_nothing_of_its_libraries(shell):
    pair = ("a.st", "b.st")
    for seed, name in enumerate(pair):
        shell.ok("init", "resnet20", "--seed", seed, "-q", "-o", name)
    done = shell.run("lmc", "--points", "2", "--split", "test", "--quiet", *pair)
    assert (done.code, done.err) == (0, "")


def test_a_ticket_and_itself_have_no_barrier(cycles, shell):
    for line in lines(shell.ok("lmc", "--points", "4", cycles[0], cycles[0])):
        assert line["loss_barrier"] == pytest.approx(0.0, abs=1e-9)
        assert line["alpha"] == pytest.approx([0, 1 / 3, 2 / 3, 1])


def test_alignment_is_told(cycles, shell, tmp_path):
    other = tmp_path / "other.st"
    shell.ok("init", "mlp:20", "--seed", "1", "-q", "-o", str(other))
    how = ("--points", "2", "--split", "test", cycles[0], str(other))
    (plain,) = lines(shell.ok("lmc", *how))
    (line,) = lines(shell.ok("lmc", "--align", *how))
    assert (plain["aligned"], line["aligned"]) == (False, True)
    assert line["options"]["align"] is True  # another measure than that without
    assert 0 < line["units_moved"] <= line["units"] == 20
    # The ends are the networks themselves, in whatever order their units are.
    assert line["loss"] == pytest.approx(plain["loss"], abs=1e-5)
    vits = [tmp_path / f"vit-{seed}.st" for seed in (0, 1)]
    for seed, path in enumerate(vits):
        shell.ok("init", "vit-tiny", "--seed", seed, "-q", "-o", path)
    shell.refuses(1, "lmc", "--align", *vits, says=("attention", "without --align"))


def test_hessian_of_layers_is_below_that_of_all(cycles, shell):
    done = shell.ok("hessian", "--layers", "--trace", "--examples", "64", cycles[1])
    (line,) = lines(done)
    assert line["examples"] == 64
    assert line["eigenvalues"][0] > 0
    # The largest eigenvalue of a diagonal block never exceeds that of the whole (Cauchy).
    assert max(x["eigenvalues"][0] for x in line["layers"]) <= line["eigenvalues"][0] * 1.01


def test_flops_by_hand(cycles, shell):
    (line,) = lines(shell.ok("flops", "--layers", cycles[1]))
    assert line["macs"] == 64 * 20 + 20 * 10
    assert line["macs_sparse"] == line["macs"] // 2
    # Two cycles of one epoch of 1437 examples, three forward passes each, half of the weights.
    assert line["train_flops"] == 2 * 1437 * 3 * 2 * line["macs_sparse"]
    assert line["train_flops_relative"] == pytest.approx(1.0)


def test_diff_counts_what_changed(cycles, shell):
    (line,) = lines(shell.ok("diff", *cycles))
    assert line["kept_both"] == line["kept_a"] == (64 * 20 + 20 * 10) // 2
    assert line["mask_iou"] == 1.0
    assert 0 <= line["sign_flips"] < line["kept_both"]
    (same,) = lines(shell.ok("diff", cycles[0], cycles[0]))
    assert (same["sign_flips"], same["relative_distance"]) == (0, 0.0)


@pytest.mark.parametrize("verb", ["lmc", "diff"])
def test_one_ticket_makes_no_pair(verb, cycles, shell):
    done = shell.call(verb, cycles[0])
    assert done.code == 2
    assert "at least two" in done.err
