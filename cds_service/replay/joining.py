"""The joining itself: one text of SQL that DuckDB and Spark both run, over the rows of ``keyed``.

``rows`` is the table of rows. A name that two patients share tells nothing, and what it names is nobody's.
"""

_ID = """CASE WHEN {0} LIKE 'urn:uuid:%' THEN substr({0}, 10)
  WHEN {0} LIKE 'urn:%' OR {0} LIKE '?%' OR {0} LIKE 'Encounter/%' THEN NULL ELSE {0} END"""
"""The id a name is by itself: a UUID is taken for one where no Patient says otherwise."""

NAMES = f"""
SELECT name AS alias, min(patient) AS patient FROM (
  SELECT a.key AS name, coalesce(b.name, {_ID.format("a.name")}) AS patient
  FROM rows a LEFT JOIN rows b ON b.role = 'alias' AND b.key = a.name
  WHERE a.role = 'alias'
) found GROUP BY name HAVING count(DISTINCT patient) = 1
"""
"""Every other name of a patient and the patient's id; one that stands for another name is followed once."""

_NAMED = f"""
SELECT coalesce(n.patient, {_ID.format("r.key")}) AS patient, r.key, r.name, r.kind, r.role, r.line
FROM rows r LEFT JOIN names n ON n.alias = r.key
"""

NAMED = f"""
SELECT patient, CASE WHEN name = '' THEN line
  ELSE replace(line, concat('"', name, '"'), concat('"Patient/', patient, '"')) END AS line
FROM ({_NAMED} WHERE r.role = 'named') told WHERE patient IS NOT NULL
"""
"""Resources that name their patient otherwise, with the id in place of that name."""

REFERRED = f"""
SELECT DISTINCT patient, name FROM ({_NAMED} WHERE r.role = 'refers' AND r.kind <> 'Medication') told
WHERE patient IS NOT NULL
"""
"""The Medications each patient's requests and statements refer to."""

SHARED = """
SELECT a.patient AS patient, m.line AS line
FROM (
  SELECT patient, name FROM referred
  UNION
  SELECT d.patient AS patient, r.name AS name FROM referred d JOIN rows r ON r.role = 'refers' AND r.key = d.name
) a JOIN rows m ON m.role = 'shared' AND m.key = a.name
"""
"""Those Medications, and the ones they are made of: a copy for each patient."""

NOBODY_S = f"SELECT count(*) AS n FROM ({_NAMED} WHERE r.role = 'named') told WHERE patient IS NULL"
"""How many resources name a patient whom nothing explains."""
