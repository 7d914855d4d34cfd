"""Whole networks by sparse products against the same networks by torch, in float64."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import partial
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.utils.checkpoint import checkpoint

from sparsetool.compute.device import Place
from sparsetool.kernels import Linear, batch_norm, convolution, plan
from sparsetool.kernels import products as sparse_products
from sparsetool.kernels.convolution import Convolution
from sparsetool.kernels.memory import Inward, Memory, Normal
from sparsetool.kernels.products import SparseProducts
from sparsetool.networks.build import build
from tests.reference.path_networks import Attending, Concatenated, Squeezed

Masks = dict[str, Tensor]
Sparse = Convolution | Linear
CPU = Place("cpu", "fp32", 1)
FREE = plan.Costs(1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # of any sparse product
CLASSES = 10
DIGIT = (1, 8, 8)


def plain() -> nn.Module:
    """As VGG: biases, max-pooling and dropout, which drops nothing here."""
    return nn.Sequential(
        *(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU(inplace=True), nn.MaxPool2d(2)),
        *(nn.Conv2d(8, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU(inplace=True)),
        *(nn.MaxPool2d(3, stride=1, padding=1), nn.Flatten(), nn.Dropout(0.0)),
        *(nn.Linear(12 * 16, 20), nn.ReLU(inplace=True), nn.Linear(20, CLASSES)),
    )


class Odd(nn.Module):
    """Groups, padding by name and by reflection, weights used twice, norms of all kinds."""

    input = (3, 9, 8)

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, padding=(2, 1), stride=(2, 1), bias=False)
        self.first = nn.BatchNorm2d(8, momentum=None)  # a cumulative average
        self.second = nn.BatchNorm2d(8, affine=False)
        self.third = nn.BatchNorm2d(8, track_running_stats=False)
        self.deep = nn.Conv2d(8, 8, 3, padding=1, groups=8)
        self.pair = nn.Conv2d(8, 8, (3, 1), padding=(1, 0), groups=2)
        self.same = nn.Conv2d(8, 8, (1, 3), padding="same")
        self.mirror = nn.Conv2d(8, 8, 3, padding=1, padding_mode="reflect")
        self.wide = nn.Conv2d(8, 8, 3, padding=2, dilation=2)
        self.up = nn.ConvTranspose2d(8, 8, 2, stride=2)
        self.tokens, self.head = nn.Linear(8, 8), nn.Linear(8, CLASSES)

    def forward(self, images: Tensor) -> Tensor:
        h = F.relu_(self.first(self.stem(images)))
        h = self.pair(h) + self.wide(h)
        h = self.deep(h).add_(h)
        h = F.avg_pool2d(self.same(h) + 1.0, 2) * 2
        h = self.second(self.wide(h)).relu() + h  # a second use, of another size
        h = torch.cat([self.third(self.mirror(h)), h], 1)[:, 4:12]
        h = self.wide(self.up(h)).add(1, alpha=2).flatten(2).transpose(1, 2)
        h = self.tokens(self.tokens(h).tanh())
        return self.head(h.mean(1))


NETWORKS: dict[str, tuple[Callable[[], nn.Module], int]] = {  # and its sparse products in a pass
    "resnet20": (partial(build, "resnet20", CLASSES, DIGIT), 22),
    "mlp": (partial(build, "mlp:20", CLASSES, DIGIT), 2),
    "plain": (plain, 4),
    "odd": (Odd, 9),
    "concatenated": (Concatenated, 5),
    "squeezed": (Squeezed, 6),
    "attending": (Attending, 6),
}


def _watch(monkeypatch: pytest.MonkeyPatch, kind: type[Sparse], done: list[Sparse]) -> None:
    forward: Callable[..., Any] = kind.forward

    def watched(own: Sparse, *given: Any) -> Any:
        done.append(own)
        return forward(own, *given)

    monkeypatch.setattr(kind, "forward", watched)


@pytest.fixture(autouse=True)
def products(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Sparse]]:
    """Every layer that may be sparse is; gives the sparse products that were computed."""
    monkeypatch.setattr(plan, "COSTS", FREE)
    monkeypatch.setattr(plan, "EARNED", 0.0)
    done: list[Sparse] = []
    for kind in (Convolution, Linear):
        _watch(monkeypatch, kind, done)
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        yield done
    torch.set_default_dtype(before)


def masked(network: Callable[[], nn.Module]) -> tuple[nn.Module, Masks]:
    """A network with statistics of its own, and masks of all its layers' weights."""
    module = network().to(memory_format=torch.channels_last)
    module.input = getattr(module, "input", DIGIT)
    masks: Masks = {}
    for name, tensor in [*module.named_parameters(), *module.named_buffers()]:
        if tensor.dim() == 1:  # biases, scales and running statistics
            tensor.data.uniform_(0.2, 1.2)
        elif tensor.dim() in (2, 4):
            order = torch.randperm(tensor.numel()).view(tensor.shape)
            masks[name] = order < max(1, tensor.numel() * 19 // 100)
            tensor.data *= masks[name]
    return module, masks


def drawn(module: nn.Module, batch: int) -> Tensor:
    return torch.randn(batch, *module.input).contiguous(memory_format=torch.channels_last)


def made(module: nn.Module, masks: Masks, where: Place = CPU) -> SparseProducts:
    return SparseProducts(
        module,
        masks,
        module.input,
        threads=where.threads,
        figures=500,
        enabled=where.kind == "cpu",
    )


def step(module: nn.Module, images: Tensor, context: Any, inside: bool) -> dict[str, Tensor]:
    """The loss, all gradients and all buffers of a step, whose backward pass is inside or not."""
    images = images.detach().clone().requires_grad_(images.requires_grad)
    module.zero_grad()
    with context:
        logits = module(images)
        loss = F.cross_entropy(logits, torch.arange(len(images)) % logits.shape[1])
    with context if inside else nullcontext():
        loss.backward()
    grads = {f"{name} gradient": p.grad for name, p in module.named_parameters()}
    found = {"logits": logits, "loss": loss, "images": images.grad, **grads}
    found |= dict(module.named_buffers())
    return {name: each.detach().clone() for name, each in found.items() if each is not None}


def check(
    module: nn.Module, masks: Masks, context: Any, images: Tensor, inside: bool = True
) -> dict[str, Tensor]:
    """A step is what it is by torch, where gradients off the mask are left out; gives it."""
    right = step(copy.deepcopy(module), images, nullcontext(), inside)
    found = step(module, images, context, inside)
    assert found.keys() == right.keys()
    for name, tensor in found.items():
        mask = masks.get(name.removesuffix(" gradient"), torch.tensor(True))
        pair = (tensor * mask, right[name] * mask)
        torch.testing.assert_close(*pair, rtol=1e-9, atol=1e-9, msg=lambda m, n=name: f"{n}: {m}")
    return found


@pytest.mark.parametrize(("training", "inside"), [(True, True), (True, False), (False, True)])
@pytest.mark.parametrize("name", NETWORKS)
def test_a_network_is_what_it_was(
    name: str, inside: bool, training: bool, products: list[Sparse]
) -> None:
    """Two steps, with weights that change between, of a whole batch and of a smaller one."""
    network, count = NETWORKS[name]
    module, masks = masked(network)
    context = made(module.train(training), masks).of_step(4)
    for batch in (2, 2) if name == "squeezed" else (4, 3):
        products.clear()
        check(module, masks, context, drawn(module, batch).requires_grad_(), inside)
        assert len(products) == count
        for weight in module.parameters():
            weight.data *= 1.5


def test_layers_of_the_plan_alone_are_sparse(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others keep their dense gradients; what a sparse layer has off its mask is not read."""
    module, masks = masked(plain)
    sparse = ["3.weight", "11.weight"]
    chosen = frozenset(id(module.get_parameter(name)) for name in sparse)
    monkeypatch.setattr(sparse_products, "plan", lambda *given: chosen)
    images, context = drawn(module, 2), made(module, masks).of_step(2)
    found = check(module, {name: masks[name] for name in sparse}, context, images)
    for name, mask in masks.items():
        assert bool(found[f"{name} gradient"][~mask].any()) == (name not in sparse)
    for name in sparse:
        module.get_parameter(name).data[~masks[name]] = torch.nan
    with context:
        assert module(images).equal(found["logits"])


def test_what_decides_what_is_sparse(products: list[Sparse]) -> None:
    """The masks and the device; and a weight in another layout is computed by torch.

    Where no mask prunes much, nothing is sparse; where one does, whole convolutions may go with it.
    """
    module, masks = masked(plain)
    images = drawn(module, 2)
    right = module(images)
    whole = {"0.weight": torch.ones_like(masks["0.weight"])}
    places = [Place(device, "fp32", 1) for device in ("cuda", "cuda:1", "mps")]
    cases = [
        (masks | whole, CPU, 4), ({"3.weight": masks["3.weight"]}, CPU, 2), (whole, CPU, 0),
        ({}, CPU, 0), *((masks, place, 0) for place in places),
    ]  # fmt: skip
    for given, where, count in cases:
        products.clear()
        with made(module, given, where).of_step(2):
            found = module(images)
        assert len(products) == count
        assert found.equal(right) or count
    module[3].weight.data = module[3].weight.data.contiguous()
    products.clear()
    check(module, masks, made(module, masks).of_step(2), images)
    assert len(products) == 3


def test_nothing_is_left_behind(products: list[Sparse]) -> None:
    """Contexts may be entered again and inside each other, and left by an error."""
    before = {name: getattr(F, name) for name in ("conv2d", "linear", "batch_norm")}
    module, masks = masked(partial(build, "mlp:20", CLASSES, DIGIT))
    images, own = drawn(module, 2), made(module, masks)
    for context in (own.of_step(2), own.of_step(2), own.of_step(5)):
        with context, torch.no_grad():
            module(images)
            with context:
                module(images)
    assert len(products) == 3 * 2 * 2
    with pytest.raises(RuntimeError, match="shapes cannot be"), own.of_step(2):
        torch.zeros(2, 3) @ module(images)
    products.clear()
    module(images)
    assert not products
    assert all(getattr(F, name) is function for name, function in before.items())


def test_one_value_in_a_channel_is_refused_as_ever() -> None:
    module, masks = masked(lambda: nn.Sequential(nn.Conv2d(1, 9, 8), nn.BatchNorm2d(9)))
    with pytest.raises(ValueError, match="more than 1 value"), made(module, masks).of_step(1):
        module(drawn(module, 1))


class Own(nn.Module):
    """A user's own network, which calls torch in its own way."""

    input = (4, 5, 5)

    def __init__(self, call: Callable[[Own, Tensor], Tensor]) -> None:
        super().__init__()
        self.conv, self.norm = nn.Conv2d(4, 4, 3, padding=1), nn.BatchNorm2d(4)
        self.head, self.call = nn.Linear(4, 6), call

    def forward(self, images: Tensor) -> Tensor:
        return self.call(self, images).flatten(1)


def written(own: Own, images: Tensor) -> Tensor:
    """What is written into a view of images is in the images."""
    given = own.conv(images)
    given.permute(0, 2, 3, 1).add_(1.0)
    given.transpose(1, 3).mul_(2.0)
    return own.head(given.mean((2, 3)))


class Square(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        ctx.save_for_backward(images)
        return images * images

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return 2 * ctx.saved_tensors[0] * gradient


class Threefold(torch.autograd.Function):
    """In place."""

    @staticmethod
    def forward(ctx: Any, images: Tensor) -> Tensor:
        ctx.mark_dirty(images)
        images.mul_(3)
        return images.relu_()

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> Tensor:
        return gradient * 3


def watched(own: Own, images: Tensor) -> Tensor:
    """A hook sees the gradient, and changes it."""
    given = own.conv(images)
    if given.requires_grad:
        given.register_hook(lambda gradient: gradient * 2)
    return own.head(own.norm(given).mean((2, 3)))


def unrecorded(own: Own, images: Tensor) -> Tensor:
    """Written to and looked at where torch records nothing."""
    given = own.conv(images)
    looked = given.sum((2, 3))
    with torch.no_grad():
        given.add_(given.mean())
        given.clamp_(min=-2.0)
    return own.head(given.mean((2, 3)) + looked)


WAYS: dict[str, Callable[[Own, Tensor], Tensor]] = {
    "conv by name": lambda o, x: F.conv2d(x, weight=o.conv.weight, stride=[2, 1]),
    "sums by name": lambda o, x: torch.add(input=o.conv(x), other=x),
    "view": lambda o, x: o.head(o.conv(x).mean((2, 3))).view(-1).view(len(x), 6),
    "norm twice": lambda o, x: o.norm(o.conv(o.norm(o.conv(x)).relu())),
    "places": lambda o, x: o.head(o.conv(x).permute(0, 2, 3, 1).view(-1, 4)).view(len(x), -1),
    "written places": written,
    "own function": lambda o, x: o.norm(Square.apply(o.conv(x))),
    "own function in place": lambda o, x: o.norm(Threefold.apply(o.conv(x))),
    "own function of norms": lambda o, x: o.conv(Threefold.apply(o.norm(o.conv(x)))),
    "hook": watched,
    "unrecorded": unrecorded,
    "checkpoint": lambda o, x: checkpoint(lambda y: o.norm(o.conv(y)), x, use_reentrant=False),
    "bias in steps": lambda o, x: F.conv2d(x, o.conv.weight, o.head.bias[:4].repeat(2)[::2]),
    "sum with bool": lambda o, x: o.conv(x) + (x > 0),
    "sum with int": lambda o, x: o.conv(x).add_((x > 0).int()),
    "sum with half": lambda o, x: o.norm(o.conv(x)) + x.half(),
    "frozen layer": lambda o, x: o.norm(o.conv.requires_grad_(False)(x)),
    "frozen norm": lambda o, x: o.norm.requires_grad_(False)(o.conv(x)),
}


@pytest.mark.parametrize("batch", [3, 16])
@pytest.mark.parametrize("name", WAYS)
def test_ways_to_call_torch(name: str, batch: int) -> None:
    module, masks = masked(lambda: Own(WAYS[name]))
    check(module, masks, made(module, masks).of_step(batch), drawn(module, batch))


class Through(torch.autograd.Function):
    """A ReLU, or one up to six, whose gradient passes everywhere, or where ReLU's own does."""

    @staticmethod
    def forward(ctx: Any, images: Tensor, relu: Callable[..., Tensor], everywhere: bool) -> Tensor:
        result = relu(images)
        ctx.everywhere = everywhere
        ctx.save_for_backward(result)
        return result

    @staticmethod
    def backward(ctx: Any, gradient: Tensor) -> tuple[Tensor, None, None]:
        (result,) = ctx.saved_tensors
        if not ctx.everywhere:
            gradient = torch.ops.aten.threshold_backward(gradient, result, 0)
        return gradient, None, None


BETWEEN: dict[str, Callable[[Own, Tensor], Tensor]] = {  # batch norm and another sparse layer
    "norm": lambda o, x: o.conv(o.norm(o.conv(x))),
    "relu": lambda o, x: o.conv(o.norm(o.conv(x)).relu()),
    "relu6": lambda o, x: o.conv(F.relu6(o.norm(o.conv(x)))),
    "in place": lambda o, x: o.conv(F.relu_(o.norm(o.conv(x)))),
    "twice": lambda o, x: (lambda h: o.conv(h) + o.conv(h))(o.norm(o.conv(x)).relu()),
}


@pytest.fixture
def count(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Passes through memory for batch norm and its gradient, and those that make their results."""
    found: list[str] = []

    def watch(kind: type, make: Callable[[Any], Tensor]) -> None:
        def watched(own: Any) -> Tensor:
            found.append(kind.__name__)
            return make(own)

        monkeypatch.setattr(kind, "_make", watched)

    for kind in (Normal, Inward):
        watch(kind, kind._make)
    passed = batch_norm.in_blocks
    monkeypatch.setattr(
        batch_norm, "in_blocks", lambda *given: found.append("sums") or passed(*given)
    )
    return found


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(("kernel", "width"), [(1, 8), (3, 8), (3, 5)])
@pytest.mark.parametrize("name", BETWEEN)
def test_batch_norm_between_sparse_layers_is_computed_with_them(
    name: str,
    kernel: int,
    width: int,
    training: bool,
    count: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Nothing of it is made or added up by itself, and to the last bit it is as if it were.

    But for sums of rows that are no whole groups of neighbours, and gradients of two layers.
    """
    monkeypatch.setattr(convolution, "MEASURED", 1)
    module, masks = between(name, kernel)
    module.input = (4, width, width)
    module.train(training)
    images, context = drawn(module, 32).requires_grad_(), made(module, masks).of_step(32)
    again = copy.deepcopy(module.state_dict())
    found = check(module, masks, context, images)
    if width == 8:
        assert count == ["sums"] * (name == "twice")
    else:
        assert count == ["sums"] * (training + 1)
    count.clear()
    for kind in (Normal, Inward):
        monkeypatch.setattr(kind, "to_pack", Memory.to_pack)
    monkeypatch.setattr(convolution, "added_up", lambda _, way, strips, threads: (None, strips, 1))
    module.load_state_dict(again)
    right = step(module, images, context, True)
    assert count == ["sums"] * training + ["Normal", "sums", "Inward"]
    assert all(tensor.equal(right[name]) for name, tensor in found.items())


@pytest.mark.parametrize(
    ("relu", "everywhere"), [(F.relu, True), (F.relu6, True), (F.relu6, False)]
)
def test_an_activation_of_ones_own_has_the_gradient_that_it_says(
    relu: Callable[..., Tensor], everywhere: bool
) -> None:
    """Sums for batch norm that were made as if it were a ReLU are not taken for it."""
    module, masks = between("relu", 3)
    module.norm.weight.data *= 8  # so that some are above six
    module.call = lambda o, x: o.conv(Through.apply(o.norm(o.conv(x)), relu, everywhere))
    images = drawn(module, 32).requires_grad_()
    check(module, masks, made(module, masks).of_step(32), images)


def between(name: str, kernel: int) -> tuple[nn.Module, Masks]:
    module, masks = masked(lambda: Own(BETWEEN[name]))
    module.conv = nn.Conv2d(4, 4, kernel, padding=kernel // 2, bias=False)
    module.to(memory_format=torch.channels_last)
    masks["conv.weight"] = torch.rand(4, 4, kernel, kernel) < 0.3
    module.conv.weight.data *= masks["conv.weight"]
    module.input = (4, 8, 8)
    return module, masks


def test_batch_norm_of_a_block_that_is_filled_up_is_made(
    count: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convolution, "MEASURED", 64)
    module, masks = between("relu", 3)
    images = drawn(module, 20).requires_grad_()
    check(module, masks, made(module, masks).of_step(20), images)
    assert count == ["Normal", "sums", "Inward"]


def test_the_gradient_of_batch_norm_in_what_the_first_layer_made_is_made(count: list[str]) -> None:
    """That layer has one gradient alone to read it for."""
    module, masks = between("relu", 3)
    check(module, masks, made(module, masks).of_step(16), drawn(module, 16))
    assert count == ["sums", "Inward"]  # too few pixels for moments of the first layer
