"""The CDS Hooks wire format: JSON in and out, HL7's invariants by their ids.

Not for: HTTP, which is ``web``'s; what the resources inside a request say, which is ``chart``'s.
"""
