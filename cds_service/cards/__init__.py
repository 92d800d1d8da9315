"""Decisions into cards: merged by topic, worded in the caller's language, with the FHIR resources they propose. No rule, no network."""
