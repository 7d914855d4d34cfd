"""Our engines; `plugins.engines` says what an engine defines."""
