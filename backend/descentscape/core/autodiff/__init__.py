"""The computational graph: reverse-mode differentiation from a table of vector-Jacobian products."""
