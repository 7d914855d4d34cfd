"""Making, training and evaluating networks: everything that runs torch to learn."""
