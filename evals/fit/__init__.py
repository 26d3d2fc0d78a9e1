"""What is fitted, a file a step: the encoder, then the weights of fusion and confidence. Not needed to use it."""
