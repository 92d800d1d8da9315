"""A population's charts through the same pipeline as a call, before any clinician sees a card. Not the HTTP edge, nor the store."""
