"""The engine: networks, derivatives, optimizers, planes and surfaces, in NumPy alone."""
