"""Documents come alive: problems and runs built, descents computed and shared, seen in a window."""
