"""Looking inside tickets: connectivity, curvature, costs."""
