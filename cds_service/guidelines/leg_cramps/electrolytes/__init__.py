"""Electrolytes: correct an imbalance; supplements do not treat cramps."""
