"""The machine the program runs on: what is there, and what is wrong with it."""
