"""Sparse products of convolutions and linear layers on a CPU."""
