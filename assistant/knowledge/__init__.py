"""Tables of one debate that answers are derived from: noted by hand where there are notes, else derived offline."""
