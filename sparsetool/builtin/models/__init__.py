"""Our networks; `plugins.models` says what a model defines."""
