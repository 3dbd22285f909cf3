"""What Python has at hand, opened in a browser by a service of this process' own."""
