"""The HTTP edge: what is accepted, how it is answered, nothing clinical."""
