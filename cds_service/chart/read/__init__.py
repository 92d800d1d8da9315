"""R4 into the facts a rule may see. No network, and no decision."""
