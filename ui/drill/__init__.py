"""`debate drill`: an installation put under fire, on a copy, on this machine alone."""
