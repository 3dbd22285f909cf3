"""Data sets: generated, bundled or inline; divided, standardised, sampled in batches."""
