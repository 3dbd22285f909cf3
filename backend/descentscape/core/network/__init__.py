"""Networks: layers, activations, costs, and the passes that give cost, gradient and curvature."""
