"""The report of what became of the cards, as a page."""
