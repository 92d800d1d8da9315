"""Stretching and other conservative care first."""
