"""Models that are not ours: their costs as objectives, their training runs as paths."""
