"""Descents: the step, the run that is set down, and trajectories: what readers need, and a computed one."""
