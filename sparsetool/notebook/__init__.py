"""What a call from Python adds to a function: checked arguments; in a notebook tables and a bar."""
