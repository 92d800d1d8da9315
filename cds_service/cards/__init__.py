"""Decisions into cards: merged by topic, worst first, worded in the caller's language, with the FHIR resources they propose.

Not for: what is advised, which a rule has decided; the JSON, which is ``protocol``'s.
"""
