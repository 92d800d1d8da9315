"""Resources of any version and odd shape, as FHIR R4 has them.

Not for: what they mean, which is ``chart.read``'s.
"""
