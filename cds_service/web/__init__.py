"""The HTTP edge: what is accepted, how it is answered, what is counted; the pages.

Not for: anything clinical.
"""
