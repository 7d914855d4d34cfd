"""Where a network is computed: devices, ranks, memory, torchvision."""
