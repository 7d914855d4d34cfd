"""Benchmarks, run by hand: `python -m tests.benchmarks`. See `__main__`."""
