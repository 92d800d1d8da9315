"""What only this rule asks of a record."""

from cds_service.patient.terminology.vocabulary import drug, problem

GABAPENTINOIDS = (drug("gabapentin"), drug("pregabalin"))
DEPRESSANTS = (drug("opioid"), drug("benzodiazepine"))
PALLIATIVE = problem("palliative_hospice")
