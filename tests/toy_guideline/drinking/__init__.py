"""Water first."""
