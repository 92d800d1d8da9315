"""What only the quinine rules ask of a record: the drug, what it is right for, and who is at risk from it."""

from cds_service.guidelines.leg_cramps.concepts import CIRRHOSIS, COMPLAINT_DAYS, MYASTHENIA_GRAVIS, PREGNANCY
from cds_service.guidelines.leg_cramps.quinine.limits import MALARIA_STATUSLESS_DAYS, MALARIA_VISIT_DAYS, days
from cds_service.patient.terminology.vocabulary import analyte, drug, problem

QUININE = (drug("quinine"), drug("hydroquinine"))

# What it is right for, by code or name; and what only speaks of it
MALARIA, BABESIOSIS, MALARIA_MENTIONED = (
    problem(name, days_without_status=days(MALARIA_STATUSLESS_DAYS), days_of_visit=days(MALARIA_VISIT_DAYS))
    for name in ("malaria", "babesiosis", "malaria_mentioned")
)
INDICATIONS = (MALARIA, BABESIOSIS)
MALARIA_REGIMEN = drug("malaria_regimen")

# The patient
QUININE_ALLERGY = problem("quinine_allergy")
HYPERSENSITIVITY = (QUININE_ALLERGY, drug("quinine"), drug("hydroquinine"), drug("quinidine"), drug("mefloquine"))
BLACKWATER_FEVER = problem("blackwater_fever")
HAEMATOLOGICAL = (
    problem("immune_thrombocytopenia"),
    problem("drug_induced_haemolysis"),
    problem("ttp_tma"),
    problem("hus"),
    BLACKWATER_FEVER,
)
LONG_QT = problem("long_qt")
OTHER_CONTRAINDICATIONS = (MYASTHENIA_GRAVIS, problem("optic_neuritis"), LONG_QT)
THROMBOCYTOPENIA_OTHER = problem("thrombocytopenia_other", days_of_visit=COMPLAINT_DAYS)
SEVERE_LIVER_DISEASE, HAEMOGLOBINURIA, TINNITUS = (
    problem(name) for name in ("severe_liver_disease", "haemoglobinuria", "tinnitus")
)
ATRIAL_FIBRILLATION = problem("atrial_fibrillation")
AV_BLOCK = problem("av_block")
WARNING_PROBLEMS = (
    SEVERE_LIVER_DISEASE,
    THROMBOCYTOPENIA_OTHER,
    HAEMOGLOBINURIA,
    TINNITUS,
    ATRIAL_FIBRILLATION,
    AV_BLOCK,
    CIRRHOSIS,
)
G6PD_DEFICIENCY = problem("g6pd_deficiency")
NO_TRIAL = (SEVERE_LIVER_DISEASE, HAEMOGLOBINURIA, TINNITUS, PREGNANCY)

# Other drugs
QT_PROLONGING = (drug("qt_interacting"), drug("quinidine"))
QT_POSSIBLE = drug("qt_possible")
NEUROMUSCULAR_BLOCKER = drug("neuromuscular_blocker")
DIGOXIN = drug("digoxin")
INSULIN = drug("insulin")
SULFONYLUREA = drug("sulfonylurea")
CYP3A4_MODIFIERS = drug("cyp3a4_modifiers")

# Results
QTC = analyte("qtc")
PLATELETS = analyte("platelets")
