"""What the service offers over HTTP, as an OpenAPI document.

Not for: the wire format's schemas, which are ``protocol``'s.
"""
