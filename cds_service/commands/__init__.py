"""What each command of the command line does.

Not for: their names and options, which stand in ``cli.py``; anything a call needs too.
"""
