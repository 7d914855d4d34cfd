"""Run folders, where training keeps its progress (no torch)."""
