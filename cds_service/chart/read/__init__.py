"""R4 into the facts a rule may see, read when a rule asks for them.

Not for: decisions, and not for the network.
"""
