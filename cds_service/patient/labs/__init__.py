"""Laboratory results: their values in one unit, which of them counts, and how they compare with a limit.

Not for: the limits, which are a guideline's.
"""
