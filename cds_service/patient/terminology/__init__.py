"""What a code or a name means: value sets (FHIR), names (TOML), and what each is called on a card.

Not for: which concepts a guideline asks for.
"""
