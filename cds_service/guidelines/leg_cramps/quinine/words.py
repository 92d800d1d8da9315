"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from typing import Final, Literal

from cds_service.decision.nonadherence import NonAdherence
from cds_service.decision.override_reasons import override
from cds_service.decision.phrases import text, texts
from cds_service.guidelines.leg_cramps.concepts import PREGNANCY, WARFARIN
from cds_service.guidelines.leg_cramps.quinine import concepts
from cds_service.guidelines.leg_cramps.quinine.concepts import (
    G6PD_DEFICIENCY,
    HAEMATOLOGICAL,
    INSULIN,
    OTHER_CONTRAINDICATIONS,
    SULFONYLUREA,
    WARNING_PROBLEMS,
)

Doing = Literal["stop", "cancel"]  # an active order is stopped, a draft cancelled
DOING: Final[tuple[Doing, ...]] = ("stop", "cancel")

TITLE = text("avoid_quinine.title")
TITLE_ORDER = text("avoid_quinine.title_order")
REASONS = text("avoid_quinine.reasons")
WITH_POTASSIUM = text("avoid_quinine.with_potassium")
REASONS_AND_MORE = text("avoid_quinine.reasons_and_more")

SUMMARY_NO_INDICATION = text("avoid_quinine.summary.no_indication")
SUMMARY_ALS = text("avoid_quinine.summary.als")
CRITICAL = {doing: text(f"avoid_quinine.summary.critical_{doing}") for doing in DOING}
SUMMARY_OUTDATED = text("avoid_quinine.summary.outdated")
SUMMARY_MALARIA = text("avoid_quinine.summary.malaria")

HEADING_CRITICAL = text("avoid_quinine.heading.critical")
HEADING_CONTRAINDICATIONS = text("avoid_quinine.heading.contraindications")
HEADING_WARNINGS = text("avoid_quinine.heading.warnings")
HEADING_OPTIONS = text("avoid_quinine.heading.options")

LINE_STRETCHING = text("avoid_quinine.line.stretching")
LINE_WATCH = text("avoid_quinine.line.watch")
LINE_HARM = text("avoid_quinine.line.harm")
LINE_BENEFIT = text("avoid_quinine.line.benefit")
LINE = texts("avoid_quinine.line", DOING)
LINE_IF_USED = text("avoid_quinine.line.if_used")
LINE_ALS = text("avoid_quinine.line.als")
LINE_MALARIA_MAY_OUTWEIGH = text("avoid_quinine.line.malaria_may_outweigh")
LINE_SEVEN_DAYS = text("avoid_quinine.line.seven_days")

BECAUSE_NO_MALARIA = text("avoid_quinine.because.no_malaria")
BECAUSE_NO_MALARIA_ON_ORDER = text("avoid_quinine.because.no_malaria_on_order")
BECAUSE_MEDICATION = text("avoid_quinine.because.medication")
BECAUSE_MEDICATION_DATED = text("avoid_quinine.because.medication_dated")

MALARIA_OWN_REASON = text("avoid_quinine.malaria.own_reason")
MALARIA_RECORDED = text("avoid_quinine.malaria.recorded")
MALARIA_RECORDED_UNDATED = text("avoid_quinine.malaria.recorded_undated")

SHORT = texts("avoid_quinine.short", (*HAEMATOLOGICAL, *OTHER_CONTRAINDICATIONS))

HYPERSENSITIVITY = texts("avoid_quinine.hypersensitivity", concepts.HYPERSENSITIVITY)

NAMED_BY_CODE = text("avoid_quinine.named.by_code")
NAMED_BY_NAME = text("avoid_quinine.named.by_name")

VALUE_QTC = text("avoid_quinine.value.qtc")
VALUE_POTASSIUM = text("avoid_quinine.value.potassium")
VALUE_MAGNESIUM = text("avoid_quinine.value.magnesium")
VALUE_CALCIUM_IONIZED = text("avoid_quinine.value.calcium_ionized")
VALUE_CALCIUM_ADJUSTED = text("avoid_quinine.value.calcium_adjusted")
VALUE_PLATELETS = text("avoid_quinine.value.platelets")
VALUE_EGFR = text("avoid_quinine.value.egfr")

VALUE_LINE_DATED = text("avoid_quinine.value_line.dated")

DRUG_QT = text("avoid_quinine.drug.qt")
DRUG_NEUROMUSCULAR_BLOCKER = text("avoid_quinine.drug.neuromuscular_blocker")
DRUG_DIGOXIN_LOW_POTASSIUM = text("avoid_quinine.drug.digoxin_low_potassium")
DRUG_DIGOXIN = text("avoid_quinine.drug.digoxin")
DRUG = texts("avoid_quinine.drug", (WARFARIN, INSULIN, SULFONYLUREA))

DRUG_DIRECTION_RIFAMPICIN = text("avoid_quinine.drug.direction.rifampicin")
DRUG_DIRECTION_RITONAVIR = text("avoid_quinine.drug.direction.ritonavir")
DRUG_DIRECTION_AZOLE = text("avoid_quinine.drug.direction.azole")
DRUG_DIRECTION_INDUCER = text("avoid_quinine.drug.direction.inducer")
DRUG_DIRECTION_THEOPHYLLINE = text("avoid_quinine.drug.direction.theophylline")
DRUG_DIRECTION_CYP2D6 = text("avoid_quinine.drug.direction.cyp2d6")
DRUG_DIRECTION_RAISES = text("avoid_quinine.drug.direction.raises")

WARNING = texts("avoid_quinine.warning", (*WARNING_PROBLEMS, G6PD_DEFICIENCY, PREGNANCY))
WARNING_OLDER = text("avoid_quinine.warning.older")

NOT_FOUND_UNADJUSTED = text("avoid_quinine.not_found.unadjusted")
NOT_FOUND_QTC = text("avoid_quinine.not_found.qtc")
NOT_FOUND_RESULTS = text("avoid_quinine.not_found.results")

REASON_NO_DRAFT = text("avoid_quinine.reason.no_draft")
REASON_NO_QUININE_DRAFT = text("avoid_quinine.reason.no_quinine_draft")
REASON_MALARIA = text("avoid_quinine.reason.malaria")
REASON_MALARIA_LONG_COURSE = text("avoid_quinine.reason.malaria_long_course")
REASON_NOTHING = text("avoid_quinine.reason.nothing")

SUGGEST = texts("avoid_quinine.suggest", DOING)
SUGGEST_STOP_DESCRIPTION = text("avoid_quinine.suggest.stop_description")
SUGGEST_CANCEL_DESCRIPTION = text("avoid_quinine.suggest.cancel_description")
SUGGEST_TEXT = text("avoid_quinine.suggest.text")
SUGGEST_DATE = text("avoid_quinine.suggest.date")

LINK_LABEL = text("avoid_quinine.link.label")
LINK_COCHRANE = text("avoid_quinine.link.cochrane")

OVERRIDE_MALARIA = override("malaria", NonAdherence.INDICATION_ORDER_EXISTS)
