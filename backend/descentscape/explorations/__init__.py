"""A foreign model's cost and training runs as one object: planes, surfaces, curvature, figures."""
