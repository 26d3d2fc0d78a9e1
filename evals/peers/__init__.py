"""Other systems on the same questions, each as its own documentation shows it. Never imported by the product."""
