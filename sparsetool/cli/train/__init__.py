"""What surrounds a training at the shell: its request, its progress, several at once."""
