"""What tests are made of: FHIR resources, facts, results, random patients; and what a decision says."""
