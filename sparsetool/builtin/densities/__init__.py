"""Our densities; `plugins.densities` says what a density defines."""
