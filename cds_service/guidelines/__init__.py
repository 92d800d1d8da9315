"""The guidelines this service holds, one package each. Only ``catalogue`` (and tests) imports them."""
