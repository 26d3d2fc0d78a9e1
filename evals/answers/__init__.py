"""The suite of answers: whether what is asked is answered, and whether our own words hold."""
