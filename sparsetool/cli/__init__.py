"""Everything that knows a terminal, an option or a pipe."""
