"""Scores rows of a table with a gradient-boosted model."""
