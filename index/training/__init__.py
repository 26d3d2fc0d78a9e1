"""How the encoder that ships in ``index/model`` is made: vocabulary, data, teacher, training. Not needed to use it."""
