"""Analyses of tickets: connectivity, curvature, costs."""
