"""Tables of text cells: what their columns hold, and the examples that are made of them."""
