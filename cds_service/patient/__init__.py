"""What a rule may see of a patient: frozen facts, codes, units. No FHIR, no network, no clock."""
