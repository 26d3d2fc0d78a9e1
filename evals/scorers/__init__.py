"""One answer in, its scores out: a module for each thing that can be right or wrong about an answer."""
