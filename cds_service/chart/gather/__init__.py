"""What is in hand for each query: from the prefetch, else from the EHR's FHIR server, else known to be unknown. No fact is read here."""
