"""Loss and accuracy of a network, for training and for analyses."""
