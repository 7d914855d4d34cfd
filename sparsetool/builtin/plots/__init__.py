"""Our plots; `plugins.plots` says what a plot defines."""
