"""Descentscape side by side with PyTorch, JAX and loss-landscapes: ``make bench``."""
