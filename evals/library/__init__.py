"""Ten invented debates asked together: what is answered, from which debate, by whom."""
