"""FHIR in: which queries are asked, what came of each, and the facts read from it."""
