"""The demo page, in development only."""
