"""Descents: the step, the run that is set down, and the trajectory that is computed of it."""
