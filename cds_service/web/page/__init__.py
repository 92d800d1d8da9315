"""What every page for people has in common: strict headers, and the language it is read in."""
