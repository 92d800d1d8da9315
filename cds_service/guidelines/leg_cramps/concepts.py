"""What several rules of this guideline ask of a record, each once; what only one rule asks stands in its folder."""

from cds_service.patient.terminology.vocabulary import analyte, drug, problem

COMPLAINT_DAYS = 180
"""How long a complaint counts that a visit recorded and nothing closed."""

EMERGENCY_DAYS = 90
"""The same for what is treated at once or passes."""

# Cramps, the most telling first
CRAMP_LEG_NOCTURNAL, CRAMP_LEG, CRAMP_EXERCISE_HEAT, CRAMP_ANY = CRAMPS = tuple(
    problem(name, days_without_status=COMPLAINT_DAYS, days_of_visit=COMPLAINT_DAYS)
    for name in ("cramp_leg_nocturnal", "cramp_leg", "cramp_exercise_heat", "cramp_any")
)

NOCTURNAL_MUSCLE_SPASM = problem(
    "nocturnal_muscle_spasm", days_without_status=COMPLAINT_DAYS, days_of_visit=COMPLAINT_DAYS
)
"""A cramp only where the record puts it in the leg."""

# The narrower first; without spinal muscular atrophy and Kennedy disease
AMYOTROPHIC_LATERAL_SCLEROSIS = problem("als")
MOTOR_NEURON_DISEASE = problem("motor_neuron_disease")
ALS = (AMYOTROPHIC_LATERAL_SCLEROSIS, MOTOR_NEURON_DISEASE)

UPPER_MOTOR_NEURON_DISEASE = problem("upper_motor_neuron_disease")
"""Of the family only beside another of it."""

# Other problems
CAUDA_EQUINA = problem("cauda_equina", days_of_visit=EMERGENCY_DAYS)
CHRONIC_PAD = problem("chronic_pad")
CIRRHOSIS = problem("cirrhosis")
COMPARTMENT_SYNDROME = problem("compartment_syndrome", days_of_visit=EMERGENCY_DAYS)
CRITICAL_LIMB_ISCHAEMIA = problem("critical_limb_ischaemia", days_of_visit=EMERGENCY_DAYS)
DIALYSIS = problem("eskd_dialysis")
DVT = problem("dvt", days_without_status=EMERGENCY_DAYS, days_of_visit=EMERGENCY_DAYS)
LIMB_SWELLING = problem("limb_swelling", days_of_visit=COMPLAINT_DAYS)
LIMB_SWELLING_ONE_SIDED = problem("limb_swelling_one_sided", days_of_visit=COMPLAINT_DAYS)
MYASTHENIA_GRAVIS = problem("myasthenia_gravis")
PREGNANCY = problem("pregnancy", days_in_any_status=300)
RESTLESS_LEGS = problem("restless_legs")
RHABDOMYOLYSIS = problem("rhabdomyolysis", days_of_visit=EMERGENCY_DAYS)
MUSCLE_OR_LIMB_AT_RISK = (COMPARTMENT_SYNDROME, RHABDOMYOLYSIS, CRITICAL_LIMB_ISCHAEMIA)
SWELLING = (LIMB_SWELLING_ONE_SIDED, LIMB_SWELLING)

# Drugs
CRAMP_CAUSING_DIURETIC = drug("cramp_causing_diuretic")
WARFARIN = drug("warfarin")
ANTICOAGULANTS = (drug("anticoagulant"), WARFARIN)

# Results
EGFR = analyte("egfr")
MAGNESIUM = analyte("magnesium")
MAGNESIUM_IONIZED = analyte("magnesium_ionized")
PHOSPHATE = analyte("phosphate")
POTASSIUM = analyte("potassium")
SODIUM = analyte("sodium")
