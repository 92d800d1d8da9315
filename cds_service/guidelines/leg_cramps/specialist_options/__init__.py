"""Specialist options for refractory cramps."""
