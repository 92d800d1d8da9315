"""Who may call, and where we may call: issuers, JSON Web Tokens, keys, replay, the outbound guard.

Not for: what is fetched, and not for rates.
"""
