"""What surrounds a descent: slopes, basins, lines, nulls, and the sample that large curvature is taken on."""
