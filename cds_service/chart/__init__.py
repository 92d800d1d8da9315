"""FHIR in: which queries are asked, what came of each, and the facts read from it.

Not for: what the facts mean for care. All that is known of FHIR's resources is here.
"""
