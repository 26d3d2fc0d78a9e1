"""From a message to what it asks for: the act, what it leans on, what it is about."""
