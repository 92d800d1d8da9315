"""The language guidelines are written in: what a rule can decide, the phrases it says it with, and the words all guidelines share.

Not for: any one guideline's limits, topics or texts.
"""
