"""The medicine: one recommendation a file, with its evidence, thresholds and words."""
