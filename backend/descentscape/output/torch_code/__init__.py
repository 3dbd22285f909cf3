"""An experiment's parts as they are written with PyTorch: numbers, models, costs, optimizers."""
