"""A small read-only FHIR server over the situations, in development only."""
