"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text

TITLE = text("specialist_options.title")
SUMMARY = text("specialist_options.summary")

HEADING_OPTIONS = text("specialist_options.heading.options")
HEADING_CAUTION = text("specialist_options.heading.caution")

OPTION_FIRST = text("specialist_options.option.first")
OPTION_TOXIN = text("specialist_options.option.toxin")
OPTION_GABAPENTIN = text("specialist_options.option.gabapentin")
OPTION_OTHER_POPULATION = text("specialist_options.option.other_population")

CAUTION_ALS = text("specialist_options.caution.als")
CAUTION_MYASTHENIA_GRAVIS = text("specialist_options.caution.myasthenia_gravis")
CAUTION_ANTICOAGULANT = text("specialist_options.caution.anticoagulant")

UNKNOWN_ANTICOAGULANT = text("specialist_options.unknown.anticoagulant")

LINK_PARK = text("specialist_options.link.park")

REASON_NO_CRAMPS = text("specialist_options.reason.no_cramps")
REASON_NO_STENOSIS = text("specialist_options.reason.no_stenosis")
REASON_UNDER_18 = text("specialist_options.reason.under_18")
