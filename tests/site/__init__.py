"""What belongs to one house."""
