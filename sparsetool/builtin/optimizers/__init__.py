"""Our optimizers; `plugins.optimizers` says what an optimizer defines."""
