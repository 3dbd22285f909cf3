"""The engine: networks, derivatives, optimizers, planes, surfaces: NumPy, and Numba for its inner loops."""
