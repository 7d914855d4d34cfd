"""Source of networks that torch allows and a program like this one trips over, as a file."""

LEGAL = '''
import torch
from torch import nn
from torch.nn.utils import parametrizations, weight_norm as old_weight_norm
from torch.nn import functional


class Answer(nn.Module):
    """A head on flat digits whose output is wrapped by `wrap`."""

    def __init__(self, classes, wrap):
        super().__init__()
        self.head, self.wrap = nn.Linear(64, classes), wrap

    def forward(self, x):
        return self.wrap(self.head(x.flatten(1)))


class Named:
    def __init__(self, logits):
        self.logits = logits


def plain(classes): return Answer(classes, lambda y: y)
def pair(classes): return Answer(classes, lambda y: (y, y * 2))
def listed(classes): return Answer(classes, lambda y: [y])
def mapping(classes): return Answer(classes, lambda y: {"features": y * 2, "logits": y})
def field(classes): return Answer(classes, Named)
def nothing(classes): return Answer(classes, lambda y: {"scores": y})
def narrow(classes): return Answer(classes, lambda y: y[:, 1:])
def fails(classes): return Answer(classes, lambda y: {}["key"])


def mlp(*middle, width=16, classes=10):
    return nn.Sequential(nn.Flatten(), *middle, nn.ReLU(), nn.Linear(width, classes))


class Auxiliary(nn.Module):
    """Gives a pair while it trains only; `spare` is used by nobody."""

    def __init__(self, classes):
        super().__init__()
        self.stem, self.spare = nn.Linear(64, 16), nn.Linear(16, 16)
        self.extra, self.head = nn.Linear(16, classes), nn.Linear(16, classes)

    def forward(self, x):
        x = self.stem(x.flatten(1)).relu()
        return (self.head(x), self.extra(x)) if self.training else self.head(x)


class Conv1D(nn.Module):
    """GPT-2's: a linear layer whose weight is [in, out]."""

    def __init__(self, out, given):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(given, out) / given**0.5)
        self.bias = nn.Parameter(torch.zeros(out))

    def forward(self, x):
        return torch.addmm(self.bias, x, self.weight)


class Recurrent(nn.Module):
    def __init__(self, kind, classes):
        super().__init__()
        self.cell, self.head = kind(8, 16, batch_first=True), nn.Linear(16, classes)

    def forward(self, x):
        return self.head(self.cell(x[:, 0])[0][:, -1])


class Standardised(nn.Linear):
    def forward(self, x):
        w = self.weight
        w = (w - w.mean(1, keepdim=True)) / w.std(1, keepdim=True)
        return functional.linear(x, w, self.bias)


class Extra(Answer):
    def get_extra_state(self): return self.state
    def set_extra_state(self, state): pass


def lazy(classes): return mlp(nn.LazyLinear(16), nn.LazyBatchNorm1d())
def unused_lazy(classes):
    made = plain(classes)
    made.spare = nn.LazyLinear(4)
    return made
def complicated(classes):
    made = plain(classes)
    made.phase = nn.Parameter(torch.zeros(64, dtype=torch.complex64))
    return made
def whole(classes):
    made = plain(classes)
    made.counts = nn.Parameter(torch.zeros(3, dtype=torch.int32), requires_grad=False)
    return made
def not_finite(classes):
    made = plain(classes)
    made.scale = nn.Parameter(torch.full((3,), float("inf")))
    return made
def stateful(classes):
    made = Extra(classes, lambda y: y)
    made.state = {"seen": 1}
    return made
def stateless(classes):
    made = Extra(classes, lambda y: y)
    made.state = None
    return made
def masked(classes):
    made = plain(classes)
    made.head.register_buffer("weight_mask", torch.ones(classes, 64))
    return made
def renamed(classes):
    made = plain(classes)
    made.state_dict = lambda *a, **k: {f"inner.{n}": p for n, p in made.named_parameters()}
    return made
def lossy(classes):
    made = plain(classes)
    made.state_dict = lambda *a, **k: {"head.weight": made.head.weight}
    return made
def without_gradient(classes): return Answer(classes, lambda y: y.detach())
def scripted(classes): return torch.jit.trace(nn.Linear(8, classes), torch.zeros(1, 8))
def causal(classes):
    made = plain(classes)
    made.register_buffer("later", torch.full((3, 3), -torch.inf).triu(1))
    return made
def bare(classes):
    made = nn.Flatten()
    made.first = nn.Parameter(torch.ones(64, classes))
    made.forward = lambda x: x.flatten(1) @ made.first
    return made
def auxiliary(classes): return Auxiliary(classes)
def frozen(classes):
    made = mlp(nn.Linear(64, 16))
    made[1].requires_grad_(False)
    return made
def all_frozen(classes): return mlp(nn.Linear(64, 16)).requires_grad_(False)
def conv1d(classes): return mlp(Conv1D(16, 64))
def lstm(classes): return Recurrent(nn.LSTM, classes)
def gru(classes): return Recurrent(nn.GRU, classes)
def weight_norm(classes): return mlp(parametrizations.weight_norm(nn.Linear(64, 16)))
def spectral_norm(classes): return mlp(parametrizations.spectral_norm(nn.Linear(64, 16)))
def older_norm(classes): return mlp(old_weight_norm(nn.Linear(64, 16)))
def standardised(classes): return mlp(Standardised(64, 16))
def embedded(classes):
    return nn.Sequential(
        nn.Flatten(), Rounded(), nn.Embedding(32, 4), nn.Flatten(), nn.Linear(256, classes)
    )


class Rounded(nn.Module):
    def forward(self, x):
        return x.round().long().clamp(0, 31)
'''
