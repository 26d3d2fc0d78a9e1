"""Parts of the page that stand alone: each file holds its markup, its style and its script."""
