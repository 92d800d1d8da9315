"""Red flags with leg cramps."""
