"""What a rule may see of a patient, and general medical knowledge: frozen facts, codes, names, units.

Not for: FHIR, the network, the clock; a topic, limit or list of one guideline.
"""
