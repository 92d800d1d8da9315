"""What only the quinine rules ask of a record: the drug, what it is right for, and who is at risk from it."""

from cds_service.guidelines.leg_cramps.concepts import CIRRHOSIS, COMPLAINT_DAYS, MYASTHENIA_GRAVIS
from cds_service.patient.terminology.vocabulary import analyte, drug, problem

QUININE = (drug("quinine"), drug("hydroquinine"))
INDICATIONS = tuple(problem(name, days_without_status=60, days_of_visit=60) for name in ("malaria", "babesiosis"))

# The patient
QUININE_ALLERGY = problem("quinine_allergy")
HYPERSENSITIVITY = (QUININE_ALLERGY, drug("quinine"), drug("hydroquinine"), drug("quinidine"), drug("mefloquine"))
HAEMATOLOGICAL = (
    problem("immune_thrombocytopenia"),
    problem("drug_induced_haemolysis"),
    problem("ttp_tma"),
    problem("hus"),
    problem("blackwater_fever"),
)
LONG_QT = problem("long_qt")
OTHER_CONTRAINDICATIONS = (MYASTHENIA_GRAVIS, problem("optic_neuritis"), LONG_QT)
THROMBOCYTOPENIA_OTHER = problem("thrombocytopenia_other", days_of_visit=COMPLAINT_DAYS)
ATRIAL_FIBRILLATION = problem("atrial_fibrillation")
AV_BLOCK = problem("av_block")
WARNING_PROBLEMS = (THROMBOCYTOPENIA_OTHER, problem("tinnitus"), ATRIAL_FIBRILLATION, AV_BLOCK, CIRRHOSIS)
G6PD_DEFICIENCY = problem("g6pd_deficiency")

# Other drugs
QT_PROLONGING = (drug("qt_interacting"), drug("quinidine"))
NEUROMUSCULAR_BLOCKER = drug("neuromuscular_blocker")
DIGOXIN = drug("digoxin")
INSULIN = drug("insulin")
SULFONYLUREA = drug("sulfonylurea")
CYP3A4_MODIFIERS = drug("cyp3a4_modifiers")

# Results
QTC = analyte("qtc")
PLATELETS = analyte("platelets")
