"""The CDS Hooks wire format: JSON in and out, HL7's invariants by their ids."""
