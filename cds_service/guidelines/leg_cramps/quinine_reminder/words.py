"""What this recommendation says: the keys of its texts, in en.toml and id.toml beside this module."""

from cds_service.decision.phrases import text

TITLE = text("quinine_reminder.title")
SUMMARY = text("quinine_reminder.summary")

ACT_AVOID = text("quinine_reminder.act.avoid")
ACT_EXCEPTION = text("quinine_reminder.act.exception")
ACT_FORBIDDEN = text("quinine_reminder.act.forbidden")
ACT_STRETCHING = text("quinine_reminder.act.stretching")

CITED_FDA = text("quinine_reminder.cited.fda")
CITED_BENEFIT = text("quinine_reminder.cited.benefit")
CITED_MHRA = text("quinine_reminder.cited.mhra")

LINK_LABEL = text("quinine_reminder.link.label")
LINK_COCHRANE = text("quinine_reminder.link.cochrane")

REASON_UNDER_18 = text("quinine_reminder.reason.under_18")
REASON_QUININE = text("quinine_reminder.reason.quinine")
REASON_NO_CRAMPS = text("quinine_reminder.reason.no_cramps")
REASON_ALS = text("quinine_reminder.reason.als")
REASON_MALARIA = text("quinine_reminder.reason.malaria")

OUTCOMES = (SUMMARY, REASON_UNDER_18, REASON_QUININE, REASON_NO_CRAMPS, REASON_ALS, REASON_MALARIA)
