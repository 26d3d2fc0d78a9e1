"""How the encoder that ships in ``index/weights/static`` is made. Not needed to use it."""
