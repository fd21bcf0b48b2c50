"""A diagram for a model: from elements to bounds and waypoints, by rules and without chance."""
