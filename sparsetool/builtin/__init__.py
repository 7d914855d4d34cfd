"""Our own members of every family; reached by name alone."""
