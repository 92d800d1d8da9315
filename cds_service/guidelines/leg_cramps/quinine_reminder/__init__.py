"""The reminder not to reach for quinine."""
