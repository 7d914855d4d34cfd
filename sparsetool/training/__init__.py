"""Making, training and evaluating networks: the training loop and what resumes it."""
