"""Cost surfaces given by a formula in x and y: read, known by name, and as objectives."""
