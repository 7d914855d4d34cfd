"""What leaves comes back: `import` of every form is the ticket's weights and masks, bit for bit."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.nn.utils import prune

from sparsetool import Ticket, init, mask
from sparsetool.files import open_file
from sparsetool.networks import leave
from sparsetool.networks.convert import adopt
from sparsetool.networks.origin import Origin
from tests.verbs.foreign import CODE, Desk, state
from tests.verbs.shelf import Shelf
from tests.verbs.shell import Shell

FORMS = {
    "--plain": ("p.safetensors", "--zeros"),
    "--torch-prune": ("q.pt",),
    "--csr": ("c.pt",),
    "--onnx": ("o.onnx",),
    "--packed": ("k.st",),
}
MODELS = {"mlp:20": "digits", "resnet20-a": "digits", "lenet5": "mnist"}


def alike(found: Ticket, ticket: Ticket, masked: bool = True) -> bool:
    weights = all(
        found.weights[k].tobytes() == np.asarray(a).tobytes() and found.weights[k].dtype == a.dtype
        for k, a in ticket.weights.items()
    )
    masks = all((found.masks[k] == m).all() for k, m in ticket.masks.items()) if masked else True
    return weights and masks and found.weights.keys() == ticket.weights.keys()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("model", MODELS)
def test_every_form_comes_back(shell: Shell, form: str, model: str) -> None:
    if form == "--onnx":
        pytest.importorskip("onnx")
    name, *more = FORMS[form]
    data = ("--data", MODELS[model])
    shell.ok("init", model, *data, "--seed", "3", "-o", "a.st")
    shell.ok("mask", "--random", "--uniform", "0.7", "a.st", "-o", "t.st")
    shell.ok("export", form, "t.st", "-o", name)
    shell.ok("import", name, "--model", model, *data, "--seed", "3", *more, "-o", "b.st")
    ticket, back = (Ticket.load(shell / file) for file in ("t.st", "b.st"))
    assert alike(back, ticket)
    assert "up to date" in shell.ok("export", form, "t.st", "-o", name).err


@settings(max_examples=12, deadline=None)
@given(
    seed=st.integers(0, 99),
    sparsity=st.sampled_from(["0", "0.3", "0.9", "0.99"]),
    odd=st.lists(st.tuples(st.integers(0, 1279), st.sampled_from([0.0, -0.0, 1e-42, 3e38]))),
    dense=st.booleans(),
)
def test_kept_zeros_and_odd_values_come_back(
    seed: int, sparsity: str, odd: list[tuple[int, float]], dense: bool
) -> None:
    """Zeros that the mask keeps stay kept, tiny, huge and negative zero values stay themselves."""
    ticket = init("mlp:20", seed=seed)
    values = ticket.weights["fc1.weight"].copy()
    for at, value in odd:
        values.reshape(-1)[at] = value
    ticket = Ticket({**ticket.weights, "fc1.weight": values}, {}, ticket.meta, ticket.lineage)
    if not dense:
        ticket = mask(ticket, criterion="random", sparsity=sparsity)
    origin = Origin("mlp:20", seed=seed)
    forms = {"q.pt": leave.torch_prune, "c.pt": leave.csr}
    if not dense:
        forms["k.st"] = leave.packed
    with tempfile.TemporaryDirectory() as folder:
        for name, form in forms.items():
            path = Path(folder) / name
            path.write_bytes(b"".join(form(ticket)))
            back = adopt(open_file(path), str(path), origin)
            assert alike(back, ticket)
            assert set(back.masks) == set(ticket.masks)


def test_torch_prune_opens_in_a_pruned_module(shell: Shell, shelf: Shelf) -> None:
    shell.ok("export", "--torch-prune", shelf["half"], "-o", "q.pt")
    ticket = Ticket.load(shelf["half"])
    module = ticket.model()
    for name in ("fc1", "fc2", "fc3"):
        prune.identity(getattr(module, name), "weight")
    module.load_state_dict(torch.load(shell / "q.pt"))
    module(torch.zeros(2, 1, 8, 8))
    assert (module.fc1.weight.detach().numpy() == ticket.weights["fc1.weight"]).all()
    assert int(module.fc1.weight_mask.sum()) == ticket.kept_by_layer["fc1.weight"]


def test_csr_is_sparse_in_torch(shell: Shell, shelf: Shelf) -> None:
    shell.ok("export", "--csr", shelf["half"], "-o", "c.pt")
    held = torch.load(shell / "c.pt")
    ticket = Ticket.load(shelf["half"])
    assert held["fc1.weight"].layout == torch.sparse_csr
    assert (held["fc1.weight"].to_dense().numpy() == ticket.weights["fc1.weight"]).all()
    assert held["fc1.weight"].values().numel() == ticket.kept_by_layer["fc1.weight"]


def test_onnx_computes_the_same(shell: Shell) -> None:
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    shell.ok("init", "resnet20-a", "--data", "digits", "-o", "a.st")
    shell.ok("mask", "--random", "--uniform", "0.5", "a.st", "-o", "t.st")
    shell.ok("export", "--onnx", "t.st", "-o", "o.onnx")
    session = runtime.InferenceSession(str(shell / "o.onnx"), providers=["CPUExecutionProvider"])
    images = torch.randn(5, 1, 8, 8)
    (logits,) = session.run(None, {"images": images.numpy()})
    with torch.no_grad():
        wanted = Ticket.load(shell / "t.st").model()(images).numpy()
    assert np.allclose(logits, wanted, atol=1e-4)


WRAPPED = """
import dataclasses, typing
from torch import nn
class Pair(typing.NamedTuple):
    features: object
    logits: object
@dataclasses.dataclass
class Output:
    logits: object
class Net(nn.Module):
    def __init__(self, classes, wrap):
        super().__init__()
        self.head, self.wrap = nn.Linear(64, classes), wrap
    def forward(self, x):
        return self.wrap(self.head(x.flatten(1)))
def pair(classes): return Net(classes, lambda y: Pair(2 * y, y))
def output(classes): return Net(classes, Output)
"""


@pytest.mark.parametrize("name", ["pair", "output"])
def test_onnx_of_a_wrapped_output_is_its_logits(shell: Shell, name: str) -> None:
    runtime = pytest.importorskip("onnxruntime")
    pytest.importorskip("onnx")
    (shell / "net.py").write_text(WRAPPED)
    shell.ok("init", f"net.py:{name}", "-o", "t.st")
    shell.ok("export", "--onnx", "--model", f"net.py:{name}", "t.st", "-o", "o.onnx")
    session = runtime.InferenceSession(str(shell / "o.onnx"), providers=["CPUExecutionProvider"])
    images = np.ones((3, 1, 8, 8), np.float32)
    (logits,) = session.run(None, {"images": images})
    held = Ticket.load(shell / "t.st").weights
    wanted = images.reshape(3, 64) @ held["head.weight"].T + held["head.bias"]
    assert np.allclose(logits, wanted, atol=1e-5)
    shell.ok("import", "o.onnx", "--model", f"net.py:{name}", "-o", "b.st")
    assert alike(Ticket.load(shell / "b.st"), Ticket.load(shell / "t.st"))


def test_packed_is_the_ticket_itself_for_every_verb(shell: Shell) -> None:
    shell.ok("init", "resnet20", "--data", "cifar10", "-o", "a.st")
    shell.ok("prune", "--magnitude", "--global", "0.9", "a.st", "-o", "t.st")
    shell.ok("export", "--packed", "t.st", "-o", "k.st")
    ticket, packed = (Ticket.load(shell / file) for file in ("t.st", "k.st"))
    assert packed.to_bytes() == ticket.to_bytes()
    dense = sum(4 * a.size for a in ticket.weights.values())
    assert (shell / "k.st").stat().st_size <= 0.15 * dense
    shell.ok("import", "k.st", "-o", "b.st")
    assert (shell / "b.st").read_bytes() == (shell / "t.st").read_bytes()
    for file in ("t.st", "k.st"):
        shell.ok("prune", "--rate", "0.2", file, "-o", f"{file}.more")
    assert (shell / "t.st.more").read_bytes() == (shell / "k.st.more").read_bytes()


@pytest.mark.parametrize(("dtype", "digits"), [("float16", 11), ("bfloat16", 8)])
def test_packed_in_a_smaller_type_rounds_and_says_so(
    shell: Shell, shelf: Shelf, dtype: str, digits: int
) -> None:
    line = ("export", "--packed", "--packed-dtype", dtype, shelf["half"], "-o", "k.st")
    shell.ok(*line)
    ticket, packed = Ticket.load(shelf["half"]), Ticket.load(shell / "k.st")
    assert packed.lineage[-1]["verb"] == "export"
    assert packed.lineage[-1]["inputs"]["ticket"] == ticket.digest
    assert np.allclose(
        packed.weights["fc1.weight"], ticket.weights["fc1.weight"], rtol=2.0**-digits, atol=1e-7
    )
    assert "export --packed --packed-dtype" in shell.ok("show", "--script", "k.st").out.decode()
    assert "up to date" in shell.ok(*line).err


@pytest.mark.parametrize(("value", "says"), [(7e4, "1 values"), (1e-9, "1 become zero")])
def test_packed_refuses_what_does_not_fit(shell: Shell, value: float, says: str) -> None:
    desk = Desk(shell, CODE)
    held = {**state(), "1.weight_mask": torch.ones(12, 64)}
    held["1.weight"][3, 3] = value
    desk.take(held)
    line = ("export", "--packed", "theirs.pt.st", "-o", "k.st")
    how = ("--packed-dtype", "float16")
    shell.refuses(1, *line, *how, says=(says, r"1\.weight", "--packed-dtype"))
    shell.ok(*line)
    assert Ticket.load(shell / "k.st").weights["1.weight"][3, 3] == np.float32(value)


def test_a_damaged_packed_ticket_is_refused(shell: Shell, shelf: Shelf) -> None:
    shell.ok("export", "--packed", shelf["half"], "-o", "k.st")
    content = (shell / "k.st").read_bytes()
    for wrong in (content[:-9], content.replace(b"[300,64]", b"[300,65]"),
                  content.replace(b'float32', b'float99')):  # fmt: skip
        assert wrong != content
        (shell / "w.st").write_bytes(wrong)
        shell.refuses(1, "show", "w.st")


def test_masks_alone_come_back_without_torch(shell: Shell, shelf: Shelf) -> None:
    shell.ok("export", "--masks", shelf["half"], "-o", "m.npz")
    ticket = Ticket.load(shelf["half"])
    done = shell.run("mask", "--from", "m.npz", shelf["mlp"], "-o", "b.st", torch=False)
    assert done.code == 0, done.err
    assert alike(Ticket.load(shell / "b.st"), ticket)
    shell.refuses(1, "export", "--masks", shelf["mlp"], "-o", "n.npz", says="dense")


def test_keys_keep_the_order_they_came_in(shell: Shell) -> None:
    desk = Desk(shell)
    order = ["3.bias", "1.weight", "3.weight", "1.bias"]
    desk.take({key: state()[key] for key in order})
    shell.ok("export", "--plain", "theirs.pt.st", "-o", "o.pt")
    assert list(torch.load(shell / "o.pt")) == order
    shell.ok("init", "mlp:20", "-o", "m.st")
    shell.ok("export", "--plain", "m.st", "-o", "m.pt")
    assert list(torch.load(shell / "m.pt")) == list(init("mlp:20").model().state_dict())


def test_a_card_tells_what_it_is_and_how_it_was_made(shell: Shell, shelf: Shelf) -> None:
    shell.ok("export", "--card", shelf["trained"], "-o", "README.md")
    text = (shell / "README.md").read_text()
    ticket = Ticket.load(shelf["trained"])
    assert text.startswith("---\n")
    for part in (ticket.digest, "sparsity 0.5", "| `fc2.weight` | 100x300 |", "sparsetool init mlp",
                 "train-cycles", "test accuracy"):  # fmt: skip
        assert part in text


def test_one_form_at_a_time(shell: Shell, shelf: Shelf) -> None:
    shell.refuses(2, "export", "--csr", "--onnx", shelf["half"], says="one of --plain, --packed")
    shell.refuses(2, "export", "--csr", "--packed-dtype", "float16", shelf["half"])
    shell.refuses(2, "export", "--packed", shelf["half"], "-o", "k.pt", says="another name")
