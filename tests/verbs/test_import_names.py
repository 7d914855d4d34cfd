"""Names of other people's files: prefixes, two for one, spare and missing ones, and the cures."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.torch
import torch

from sparsetool import Ticket
from tests.verbs.foreign import TIED, Desk, same, state
from tests.verbs.shell import Shell


@pytest.fixture
def desk(shell: Shell) -> Desk:
    return Desk(shell)


@pytest.mark.parametrize(
    "prefix",
    ["module.", "_orig_mod.", "model.", "model.module._orig_mod.model.", "_fsdp_wrapped_module."],
)
def test_prefixes_of_wrappers_in_any_order(desk: Desk, prefix: str) -> None:
    ticket, _ = desk.take({prefix + key: value for key, value in state().items()})
    assert same(ticket, state())


@pytest.mark.parametrize("inner", ["module.", "_orig_mod.", "_orig_mod.module."])
def test_wrappers_of_parts_of_a_network(desk: Desk, inner: str) -> None:
    ticket, _ = desk.take({key.replace("1.", f"1.{inner}"): v for key, v in state().items()})
    assert same(ticket, state())


def test_two_entries_for_one_name_are_refused(desk: Desk) -> None:
    held = {**state(), "module.1.bias": torch.ones(12)}
    desk.refuses(held, says=(r"1\.bias and module\.1\.bias both become 1\.bias", "--ignore"))
    held = {**state(), "x.bias": torch.ones(12)}
    desk.refuses(held, "--map", "x.=1.", says=r"1\.bias and x\.bias both become 1\.bias")
    ticket, _ = desk.take(held, "--ignore", "x.*")
    assert same(ticket, state())


def test_maps(desk: Desk) -> None:
    held = {f"backbone.{key}": value for key, value in state().items()}
    desk.refuses(held, says=(r"lacks 1\.weight \[12, 64\]", r"backbone\.1\.weight \[12, 64\]",
                             r"--map backbone\.=\n"))  # fmt: skip
    ticket, _ = desk.take(held, "--map", "backbone.=")
    assert same(ticket, state())
    desk.refuses(held, "--map", "spine.=", says=r"--map 'spine\.=' matches nothing.*backbone\.1")
    bare = {key.replace("1.", "", 1): value for key, value in state().items() if key[0] == "1"}
    rest = {key: value for key, value in state().items() if key[0] == "3"}
    ticket, _ = desk.take({**bare, **rest}, "--map", "3.=3.", "--map", "=1.")
    assert same(ticket, state())


def test_several_state_dicts(desk: Desk) -> None:
    held = {"state_dict": state(), "state_dict_ema": state(1), "epoch": 3}
    ticket, said = desk.take(held)
    assert same(ticket, state())
    assert "took 'state_dict' (4 tensors); the file also holds 'state_dict_ema'" in said
    ticket, _ = desk.take(held, "--take", "state_dict_ema")
    assert same(ticket, state(1))
    desk.refuses(held, "--take", "ema", says=r"no 'ema'.*'state_dict', 'state_dict_ema'")


BESIDE = {
    "a matrix": {"confusion": torch.zeros(10, 10)},
    "numbered": {"class_weights": {0: torch.ones(1), 1: torch.ones(1)}},
    "an optimizer": {"opt": {"state": {0: {"exp_avg": torch.zeros(12, 64)}}}},
}


@pytest.mark.parametrize("kind", BESIDE)
def test_tensors_beside_the_state_dict_are_not_taken_for_it(desk: Desk, kind: str) -> None:
    ticket, said = desk.take({**BESIDE[kind], "state_dict": state()})
    assert same(ticket, state())
    assert "--take" not in said


def test_state_dicts_deep_down_and_in_lists(desk: Desk) -> None:
    assert same(desk.take({"run": {"last": {"ckpt": {"net": state()}}}})[0], state())
    ticket, _ = desk.take([state(1), state()], "--take", "1")
    assert same(ticket, state())
    desk.refuses({0: torch.ones(3)}, says="the key 0, which is no name")


def test_spare_entries(desk: Desk) -> None:
    """What belongs to no part of the network is left out and said; what may is refused."""
    averaged = {"n_averaged": torch.tensor(3), **{f"module.{k}": v for k, v in state().items()}}
    ticket, said = desk.take(averaged, "--map", "module.=")
    assert same(ticket, state())
    assert "left out n_averaged" in said
    _, said = desk.take({**state(), "criterion.weight": torch.ones(10)})
    assert "left out criterion.weight" in said
    deeper = {**state(), "3.scores": torch.ones(10, 12)}
    desk.refuses(deeper, says=r"has no 3\.scores.*--ignore")
    assert same(desk.take(deeper, "--ignore", "*.scores")[0], state())
    desk.refuses(deeper, "--ignore", "x*", says=r"--ignore 'x\*' matches nothing")


def test_a_head_of_another_size_is_made_fresh(desk: Desk) -> None:
    held = {**state(), "3.weight": torch.randn(1000, 12), "3.bias": torch.randn(1000)}
    desk.refuses(held, says=(r"3\.weight has shape \[1000, 12\]", r"wants \[10, 12\]", "--fresh"))
    ticket, said = desk.take(held, "--fresh", "3", "--seed", "5")
    assert "initialised 3.weight, 3.bias by seed 5" in said
    assert same(ticket, {key: state()[key] for key in ("1.weight", "1.bias")})
    desk.shell.ok("init", "net.py:net", "--seed", "5", "-o", "init.st")
    fresh = Ticket.load(desk.shell / "init.st")
    assert (ticket.weights["3.weight"] == fresh.weights["3.weight"]).all()
    desk.refuses(held, "--fresh", "head", says="--fresh 'head' matches nothing")


def test_tied_weights_under_any_of_their_names(shell: Shell) -> None:
    desk = Desk(shell, TIED)
    scope: dict = {}
    exec(TIED, scope)
    module = scope["net"](10)
    held = module.state_dict()
    whole, _ = desk.take(held)
    safetensors.torch.save_model(module, str(shell / "t.safetensors"))
    assert (desk.take("t.safetensors")[0].weights["b.weight"] == whole.weights["b.weight"]).all()
    other = {key: value for key, value in held.items() if key != "b.weight"}
    assert (desk.take(other)[0].weights["b.weight"] == held["c.weight"].numpy()).all()
    _, said = desk.take(
        {key: value for key, value in other.items() if key != "c.weight"}, "--fresh", "c.weight"
    )
    assert "initialised b.weight by seed 0" in said
    desk.refuses(
        {**held, "c.weight": held["c.weight"] + 1}, says=r"b\.weight and c\.weight are one tied"
    )


def test_names_of_open_lth_and_kuangliu(shell: Shell) -> None:
    """Residual networks of small images come in with no map."""
    shell.ok("init", "resnet20", "--data", "cifar10", "-o", "r.st")
    ours = Ticket.load(shell / "r.st")
    theirs = {}
    for key, array in ours.weights.items():
        parts = key.replace("downsample", "shortcut").split(".")
        if parts[0].startswith("layer"):
            parts[:2] = ["blocks", str((int(parts[0][5:]) - 1) * 3 + int(parts[1]))]
        elif parts[0] in ("conv1", "bn1"):
            parts[0] = parts[0][:-1]
        theirs["model." + ".".join(parts)] = torch.tensor(np.array(array))
    torch.save({"model_state_dict": theirs}, shell / "lth.pth")
    kuangliu = {
        f"module.{k}".replace(".downsample.", ".shortcut.").replace("fc.", "linear."): torch.tensor(
            np.array(a)
        )
        for k, a in ours.weights.items()
    }
    torch.save({"net": kuangliu}, shell / "kl.pth")
    for name in ("lth.pth", "kl.pth"):
        shell.ok("import", name, "--model", "resnet20", "--data", "cifar10", "-o", f"{name}.st")
        made = Ticket.load(shell / f"{name}.st")
        assert all((made.weights[k] == a).all() for k, a in ours.weights.items()), name
