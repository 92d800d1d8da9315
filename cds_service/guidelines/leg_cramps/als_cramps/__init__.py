"""Cramps in ALS."""
