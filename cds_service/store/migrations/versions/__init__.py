"""One step a file; never edited once released."""
