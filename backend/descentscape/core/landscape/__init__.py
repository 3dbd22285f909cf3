"""What surrounds a descent: slopes, basins, lines, nulls, curvature along the path, slices that travel."""
