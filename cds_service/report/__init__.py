"""What became of the cards, for the people who tune them: numbers, a table, a page that can be read at a glance.

Not for: keeping them, which is ``store``'s.
"""
