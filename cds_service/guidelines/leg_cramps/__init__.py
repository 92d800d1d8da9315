"""Leg muscle cramps: stretching first, no quinine, electrolytes only against an imbalance."""
