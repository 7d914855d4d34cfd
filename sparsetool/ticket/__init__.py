"""The value that flows through a pipeline, its bytes and its checks (numpy, never torch)."""
