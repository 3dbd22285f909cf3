"""The engine: networks, derivatives, optimizers, planes and surfaces, in NumPy, with Numba for inner loops."""
