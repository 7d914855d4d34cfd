"""Sparse products of convolutions and linear layers on a CPU."""

from .convolution import Convolution, Linear

__all__ = ["Convolution", "Linear"]
