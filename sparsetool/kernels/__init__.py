"""Sparse products of convolutions and linear layers on a CPU."""

from .convolution import Convolution
from .linear import Linear

__all__ = ["Convolution", "Linear"]
