"""What several rules of this guideline ask of a record, each once; what only one rule asks stands in its folder."""

from cds_service.patient.terminology.vocabulary import analyte, drug, problem

# Cramps, the most telling first
_CRAMP_DAYS = 180
CRAMP_LEG_NOCTURNAL = problem("cramp_leg_nocturnal", days_without_status=_CRAMP_DAYS)
CRAMP_LEG = problem("cramp_leg", days_without_status=_CRAMP_DAYS)
CRAMP_EXERCISE_HEAT = problem("cramp_exercise_heat", days_without_status=_CRAMP_DAYS)
CRAMP_ANY = problem("cramp_any", days_without_status=_CRAMP_DAYS)
CRAMPS = (CRAMP_LEG_NOCTURNAL, CRAMP_LEG, CRAMP_EXERCISE_HEAT, CRAMP_ANY)

# The narrower first; without spinal muscular atrophy and Kennedy disease
AMYOTROPHIC_LATERAL_SCLEROSIS = problem("als")
MOTOR_NEURON_DISEASE = problem("motor_neuron_disease")
ALS = (AMYOTROPHIC_LATERAL_SCLEROSIS, MOTOR_NEURON_DISEASE)

# Other problems
CHRONIC_PAD = problem("chronic_pad")
CIRRHOSIS = problem("cirrhosis")
COMPARTMENT_SYNDROME = problem("compartment_syndrome")
CRITICAL_LIMB_ISCHAEMIA = problem("critical_limb_ischaemia")
DVT = problem("dvt", days_without_status=90)
LIMB_SWELLING = problem("limb_swelling")
LIMB_SWELLING_ONE_SIDED = problem("limb_swelling_one_sided")
MYASTHENIA_GRAVIS = problem("myasthenia_gravis")
PREGNANCY = problem("pregnancy", days_in_any_status=300)
RESTLESS_LEGS = problem("restless_legs")
RHABDOMYOLYSIS = problem("rhabdomyolysis")
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
