"""The guidelines this service holds, one folder each, and one line here.

A guideline imports ``decision`` and ``patient`` and nothing else; only ``catalogue`` (and tests) imports it. Not for:
anything a second guideline would need too.
"""

from cds_service.guidelines import leg_cramps

GUIDELINES = (leg_cramps.GUIDELINE,)
