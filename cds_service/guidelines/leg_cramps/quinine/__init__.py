"""Quinine for leg cramps: avoid it."""
