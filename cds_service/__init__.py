"""A CDS Hooks service: conservative care first for leg muscle cramps, on FHIR R4."""

__version__ = "0.1.0"
