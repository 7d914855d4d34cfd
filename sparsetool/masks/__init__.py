"""Masks from scores and shares, rewinding, signs and comparison: numpy only, never torch."""
