"""Gabapentinoids and vitamins ordered for leg cramps."""
