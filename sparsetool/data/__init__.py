"""Data sets as tensors: held on the device, or streamed from photographs."""
