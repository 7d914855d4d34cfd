"""Our data sets; `plugins.datasets` says what a data set defines."""
