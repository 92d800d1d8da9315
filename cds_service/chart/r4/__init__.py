"""Resources of any version and odd shape, as FHIR R4 has them. What they mean is for ``chart.read``."""
