"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text

TITLE = text("specialist_options.title")
SUMMARY = text("specialist_options.summary")

ACT_FIRST = text("specialist_options.act.first")
ACT_FIRST_CARE = text("specialist_options.act.first_care")
ACT_TOXIN = text("specialist_options.act.toxin")
CAUTION = text("specialist_options.act.caution")

CAUTION_ALS = text("specialist_options.caution.als")
CAUTION_MYASTHENIA_GRAVIS = text("specialist_options.caution.myasthenia_gravis")
CAUTION_ANTICOAGULANT = text("specialist_options.caution.anticoagulant")

CITED_PARK = text("specialist_options.cited.park")
CITED_RESTIVO = text("specialist_options.cited.restivo")
CITED_ALOMEDIKA = text("specialist_options.cited.alomedika")

LINK_PARK = text("specialist_options.link.park")

REASON_NO_CRAMPS = text("specialist_options.reason.no_cramps")
REASON_NO_STENOSIS = text("specialist_options.reason.no_stenosis")
REASON_UNDER_18 = text("specialist_options.reason.under_18")

OUTCOMES = (SUMMARY, REASON_NO_CRAMPS, REASON_NO_STENOSIS, REASON_UNDER_18)
