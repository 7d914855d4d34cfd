"""A small decoder-only transformer, pre-norm, of GPT-2's form, without dropout.

Shapes: B batch, T tokens, W width, H heads, V vocabulary.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

DEVIATION = 0.02  # of the model's own initial weights, as GPT-2's


class Block(nn.Module):
    """Attention to this place and those before it, then a perceptron; each is added to its input.

    Args:
        width: W.
        heads: H, a divisor of W.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.norm1 = nn.LayerNorm(width)
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)
        self.norm2 = nn.LayerNorm(width)
        self.fc1 = nn.Linear(width, 4 * width)
        self.fc2 = nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        """[B, T, W] to [B, T, W]."""
        batch, tokens, width = x.shape
        query, key, value = (
            part.reshape(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
            for part in self.qkv(self.norm1(x)).chunk(3, dim=-1)
        )
        mixed = functional.scaled_dot_product_attention(query, key, value, is_causal=True)
        x = x + self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))
        grown: Tensor = self.fc2(functional.gelu(self.fc1(self.norm2(x))))
        return x + grown


class GPT(nn.Module):
    """Embeddings of tokens and places, blocks, a last normalisation and a head without bias.

    Args:
        vocabulary: V.
        tokens: The most tokens of a row.
        layers: How many blocks.
        width: W.
        heads: H.
    """

    def __init__(self, vocabulary: int, tokens: int, layers: int, width: int, heads: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.positions = nn.Parameter(torch.empty(1, tokens, width))
        self.blocks = nn.Sequential(*(Block(width, heads) for _ in range(layers)))
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)
        self._start(layers)

    def _start(self, layers: int) -> None:
        """GPT-2's initial values: normal, smaller where `layers` are added up, biases zero."""
        for name, parameter in self.named_parameters():
            if parameter.dim() > 1:
                added = name.endswith(("proj.weight", "fc2.weight"))
                deviation = DEVIATION / (2 * layers) ** 0.5 if added else DEVIATION
                nn.init.normal_(parameter, std=deviation)
            elif name.endswith("bias"):
                nn.init.zeros_(parameter)

    def forward(self, tokens: Tensor) -> Tensor:
        """Tokens int64 [B, T] to the logits of what follows each, [B, T, V]."""
        x = self.embedding(tokens) + self.positions[:, : tokens.shape[1]]
        logits: Tensor = self.head(self.norm(self.blocks(x)))
        return logits
