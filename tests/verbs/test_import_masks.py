"""Masks as other programs keep them: taken over exactly, or refused with tensor and count."""

from __future__ import annotations

import numpy as np
import pytest
import safetensors.torch
import torch
from torch import nn
from torch.nn.utils import prune

from sparsetool import Ticket
from tests.verbs import foreign
from tests.verbs.foreign import WEIGHTS, Desk, counts, kept, masks, network, state
from tests.verbs.shell import Shell


@pytest.fixture
def desk(shell: Shell) -> Desk:
    return Desk(shell)


def test_masks_outside_the_prunable_list_are_applied_and_said(desk: Desk) -> None:
    module = network()
    nn.init.constant_(module[1].bias, 1.0)
    for name in ("weight", "bias"):
        prune.random_unstructured(module[1], name, 0.5)
    prune.random_unstructured(module[3], "weight", 0.5)
    held = module.state_dict()
    ticket, said = desk.take(held)
    assert not ticket.weights["1.bias"][held["1.bias_mask"].numpy() == 0].any()
    assert ticket.weights["1.bias"].sum() == 6
    assert "1.bias is not prunable: its mask made 6 of 12 values zero" in said
    assert kept(ticket) == {"1.weight": 384, "3.weight": 60}
    ticket, said = desk.take(held, "--exclude", "3")
    assert "3.weight is not prunable" in said
    assert np.count_nonzero(ticket.weights["3.weight"]) == 60
    assert kept(ticket) == {"1.weight": 384}


@pytest.mark.parametrize(
    ("value", "count"), [(0.25, 768), (float("nan"), 768), (2.0, 768), (-1.0, 768)]
)
def test_a_mask_of_other_than_zeros_and_ones_is_refused(
    desk: Desk, value: float, count: int
) -> None:
    held = {**state(), "1.weight_mask": torch.full((12, 64), value)}
    desk.refuses(held, says=(r"1\.weight_mask", f"{count} of 768", "neither 0 nor 1"))


def prefixed(found: dict[str, torch.Tensor], prefix: str) -> dict[str, torch.Tensor]:
    return {prefix + key: value for key, value in found.items()}


def of_modules(kind: str) -> dict[str, torch.Tensor]:
    return {key.replace(".weight", kind): mask.float() for key, mask in masks().items()}


def parametrised() -> dict[str, torch.Tensor]:
    held = state()
    for key in WEIGHTS:
        inner = key.replace("weight", "parametrizations.weight")
        held[f"{inner}.original"] = held.pop(key)
        held[f"{inner}.0.mask"] = masks()[key]
    return held


LAYOUTS = {
    "NAME_mask": lambda: {**state(), **{f"{k}_mask": m for k, m in masks().items()}},
    "NAME.mask": lambda: {**state(), **{f"{k}.mask": m.int() for k, m in masks().items()}},
    "MODULE.mask": lambda: {**state(), **of_modules(".mask")},
    "MODULE_mask": lambda: {**state(), **of_modules("_mask")},
    "open_lth": lambda: {
        "model_state_dict": {
            **prefixed(state(), "model."),
            **{f"mask_{k.replace('.', '___')}": m.float() for k, m in masks().items()},
        },
        "optimizer_state_dict": {},
        "logger": "",
    },
    "mask_NAME": lambda: {
        **state(),
        **{f"mask_{k.replace('.', '_')}": m for k, m in masks().items()},
    },
    "parametrised": parametrised,
    "wrapped": lambda: prefixed(parametrised(), "module._orig_mod.model."),
    "beside": lambda: {"net": state(), "masks": masks()},
    "COO": lambda: {**state(), **{k: (state()[k] * m).to_sparse() for k, m in masks().items()}},
    "CSR": lambda: {**state(), **{k: (state()[k] * m).to_sparse_csr() for k, m in masks().items()}},
    "CSC": lambda: {**state(), **{k: (state()[k] * m).to_sparse_csc() for k, m in masks().items()}},
    "twice": lambda: {
        **state(),
        **{f"{k}_mask": m for k, m in masks().items()},
        **{f"mask_{k.replace('.', '_')}": m.float() for k, m in masks().items()},
    },
    "mask_dict": lambda: {"model": prefixed(state(), "module."), "mask_dict": masks()},
    "pruning masks": lambda: {
        "net": state(),
        "run": {"pruning_masks": prefixed(masks(), "model.")},
    },
    "both": lambda: {
        "state_dict": {**state(), **{f"{k}_mask": m for k, m in masks().items()}},
        "masks": masks(),
    },
    "1x1": lambda: {
        **{k: v[:, :, None] if v.ndim == 2 else v for k, v in state().items()},
        **{k.replace("weight", "mask"): m[:, :, None, None] for k, m in masks().items()},
    },
}


@pytest.mark.filterwarnings("ignore:Sparse")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layouts_of_peers_need_no_map(desk: Desk, layout: str) -> None:
    ticket, _ = desk.take(LAYOUTS[layout]())
    assert kept(ticket) == counts(masks())
    for key, mask in masks().items():
        assert (ticket.masks[key] == mask.numpy()).all()
        assert (ticket.weights[key] == (state()[key] * mask).numpy()).all()


def test_a_stored_zero_of_a_sparse_tensor_is_kept(desk: Desk) -> None:
    dense = torch.zeros(12, 64)
    dense[0, :3] = 1
    sparse = dense.to_sparse()
    sparse.values()[1] = 0
    ticket, _ = desk.take({**state(), "1.weight": sparse})
    assert kept(ticket)["1.weight"] == 3


BARE = {
    "ints": lambda: {k: m.int() for k, m in masks().items()},
    "floats": lambda: {k: m.float() for k, m in masks().items()},
    "named": lambda: {f"{k}_mask": m for k, m in masks().items()},
    "wrapped": lambda: {"mask": {f"module.{k}": m for k, m in masks().items()}},
    "by module": lambda: {k.removesuffix(".weight"): m for k, m in masks().items()},
    "___": lambda: {k.replace(".", "___"): m for k, m in masks().items()},
    "_": lambda: {k.replace(".", "_"): m.float() for k, m in masks().items()},
    "sparse": lambda: {k: m.float().to_sparse() for k, m in masks().items()},
    "of everything": lambda: {
        k: masks()[k].float() if k in masks() else torch.ones_like(v) for k, v in state().items()
    },
}


@pytest.mark.parametrize("form", BARE)
def test_masks_alone(desk: Desk, form: str) -> None:
    """By `import` and by `mask --from`, which needs no torch, they are the same ticket."""
    desk.put(BARE[form](), "mask.pth")
    shell = desk.shell
    shell.ok(*desk.line("mask.pth"))
    alone = Ticket.load(shell / "mask.pth.st")
    assert (alone.kind, kept(alone)) == ("mask", counts(masks()))
    shell.ok("init", "net.py:net", "-o", "fresh.st")
    shell.ok("mask", "--from", "mask.pth", "fresh.st", "-o", "a.st")
    shell.ok("mask", "--from", "mask.pth.st", "fresh.st", "-o", "b.st")
    assert (shell / "a.st").read_bytes() == (shell / "b.st").read_bytes()
    assert kept(Ticket.load(shell / "a.st")) == counts(masks())


def test_masks_from_a_file_with_weights_that_store_them(desk: Desk) -> None:
    shell = desk.shell
    shell.ok("init", "net.py:net", "-o", "fresh.st")
    desk.put({k: (state()[k] * m).to_sparse_csr() for k, m in masks().items()}, "some.pt")
    shell.ok("mask", "--from", "some.pt", "fresh.st", "-o", "a.st")
    assert kept(Ticket.load(shell / "a.st")) == counts(masks())
    held = {**state(), "1.weight_mask": masks()["1.weight"], "1.bias_mask": torch.zeros(12)}
    desk.put(held, "more.pt")
    line = ("mask", "--from", "more.pt", "fresh.st", "-o", "b.st")
    shell.refuses(1, *line, says=r"masks 1\.bias, which is not prunable here")


def test_sets_of_masks_that_differ_are_refused_and_lists_are_told_of(desk: Desk) -> None:
    held = {"state_dict": {**state(), "1.weight_mask": torch.ones(12, 64)}, "masks": masks()}
    desk.refuses(held, says=r"1\.weight_mask has a mask in 'masks' and another elsewhere")
    ticket, said = desk.take({"state_dict": state(), "masks": [*masks().values()]})
    assert not ticket.masks
    assert "left out masks: lists of masks without names" in said


def test_matrices_can_be_taken_in_with_their_masks(desk: Desk) -> None:
    (desk.shell / "net.py").write_text(
        "from torch import nn\n"
        "class Net(nn.Module):\n"
        "    def __init__(self, classes):\n"
        "        super().__init__()\n"
        "        self.cell, self.head = nn.GRU(8, 6, batch_first=True), nn.Linear(6, classes)\n"
        "    def forward(self, x): return self.head(self.cell(x[:, 0])[0][:, -1])\n"
        "def net(classes): return Net(classes)\n"
    )
    desk.shell.ok("init", "net.py:net", "--prune-also", "cell", "-o", "fresh.st")
    fresh = Ticket.load(desk.shell / "fresh.st")
    held = {key: torch.tensor(np.array(array)) for key, array in fresh.weights.items()}
    held["cell.weight_ih_l0_mask"] = torch.ones(18, 8).tril()
    ticket, said = desk.take(held, "--prune-also", "cell")
    assert ticket.prunable == fresh.prunable
    assert kept(ticket) == {"cell.weight_ih_l0": 116, "cell.weight_hh_l0": 108, "head.weight": 60}
    assert "not prunable" not in said
    assert ticket.lineage[0]["options"]["prune_also"] == ["cell"]
    desk.put({"cell.weight_ih_l0": torch.ones(18, 8).tril()}, "m.pth")
    desk.shell.ok("mask", "--from", "m.pth", "fresh.st", "-o", "a.st")
    assert kept(Ticket.load(desk.shell / "a.st")) == kept(ticket)
    assert "--prune-also" in desk.shell.ok("show", "--script", "theirs.pt.st").out.decode()


def test_masks_of_numpy_without_torch(desk: Desk) -> None:
    np.savez_compressed(desk.shell / "m.npz", **{k: m.numpy() for k, m in masks().items()})
    desk.shell.ok("init", "net.py:net", "-o", "fresh.st")
    done = desk.shell.run("mask", "--from", "m.npz", "fresh.st", "-o", "a.st", torch=False)
    assert done.code == 0, done.err
    assert kept(Ticket.load(desk.shell / "a.st")) == counts(masks())


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float8_e4m3fn, torch.uint8])
def test_masks_of_safetensors_in_any_type(desk: Desk, dtype: torch.dtype) -> None:
    held = {k: m.to(dtype) for k, m in masks().items()}
    safetensors.torch.save_file(held, desk.shell / "m.safetensors")
    desk.shell.ok("init", "net.py:net", "-o", "fresh.st")
    desk.shell.ok("mask", "--from", "m.safetensors", "fresh.st", "-o", "a.st")
    assert kept(Ticket.load(desk.shell / "a.st")) == counts(masks())


def test_masks_that_do_not_fit_are_refused(desk: Desk) -> None:
    desk.shell.ok("init", "net.py:net", "-o", "fresh.st")
    line = ("mask", "--from", "m.pth", "fresh.st", "-o", "a.st")
    desk.put({"1.weight": torch.ones(12, 63)}, "m.pth")
    desk.shell.refuses(1, *line, says=r"1\.weight has shape \[12, 63\], .* wants \[12, 64\]")
    desk.put(state(), "m.pth")
    desk.shell.refuses(1, *line, says="holds weights, but no masks")
    desk.put({"1.bias": torch.tensor([0] * 6 + [1] * 6)}, "m.pth")
    desk.shell.refuses(1, *line, says=r"1\.bias, which is not prunable")


def test_zeros_without_masks_are_told_of(desk: Desk) -> None:
    held = {**state(), "1.weight": state()["1.weight"] * masks()["1.weight"]}
    ticket, said = desk.take(held)
    assert not ticket.masks
    assert "--zeros takes them as pruned" in said
    held["3.weight"][0, 0] = -0.0
    ticket, _ = desk.take(held, "--zeros")
    assert kept(ticket) == {"1.weight": int(masks()["1.weight"].sum()), "3.weight": 119}
    assert foreign.folder(desk.shell.cwd) == {"net.py", "theirs.pt", "theirs.pt.st"}
