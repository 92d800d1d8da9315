"""Who may call, and where we may call: issuers, JSON Web Tokens, keys, replay, the outbound guard."""
