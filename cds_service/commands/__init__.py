"""What each command of the command line does. The commands' names and options stand in ``cli.py``."""
