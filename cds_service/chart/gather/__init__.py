"""What is in hand for each query: from the prefetch, else from the EHR's FHIR server, else known to be unknown.

Not for: reading what a resource says. After it nothing touches the network.
"""
