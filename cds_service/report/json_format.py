"""The report as JSON: everything, with the numbers of every period."""

from collections.abc import Mapping
from typing import Any

import orjson

from cds_service.decision.nonadherence import NonAdherence
from cds_service.report.rows import Numbers, Report
from cds_service.report.words import Words
from cds_service.store.reading.scope import DIMENSIONS


def as_json(report: Report, words: Words) -> str:
    """One document."""
    scope = {name: getattr(report.scope, name) for name in DIMENSIONS}
    reasons = dict.fromkeys(reason for row in report.rows for reason in row.reasons)
    document = {
        "since": report.since,
        "until": report.until,
        "timezone": report.zone,
        **scope,
        "calls": report.calls,
        "silent_calls": report.silent_calls,
        "feedback_on_unknown_cards": report.unknown,
        "cards": [
            {
                "topic": row.topic,
                "rules": row.rules,
                "service": row.service,
                "hook": row.hook,
                **dict(zip(report.split, row.split, strict=True)),
                "silent": row.silent,
                **_numbers(row),
            }
            for row in report.rows
        ],
        "slices": [{"by": one.dimension, "of": one.values, **_numbers(one)} for one in report.slices],
        "suggestions": [
            {
                "kind": one.kind,
                "topic": one.topic,
                **dict(zip(report.split, one.split, strict=True)),
                "offered": one.offered,
                "taken": one.taken,
            }
            for one in report.offered
        ],
        "hl7_reasons": {reason: _hl7(words.non_adherence(reason)) for reason in reasons},
        "versions": [
            {"since": mark.day, "kind": mark.kind, "name": mark.name, "version": mark.version} for mark in report.marks
        ],
        "period": report.by,
        "over_time": [
            {
                "topic": point.topic,
                "hook": point.hook,
                "silent": point.silent,
                "from": point.start,
                "to": point.end,
                "calls": point.calls,
                "cards": point.cards,
                "accepted": point.accepted,
                "overridden": point.overridden,
            }
            for point in report.points
        ],
    }
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE).decode()


def _numbers(of: Numbers) -> Mapping[str, Any]:
    return {
        "calls": of.calls,
        "cards": of.cards,
        "per_100_calls": None if of.per_100_calls is None else round(of.per_100_calls, 2),
        "accepted": of.accepted,
        "overridden": of.overridden,
        "both": of.both,
        "unanswered": of.unanswered,
        "reasons": of.reasons,
    }


def _hl7(hl7: NonAdherence | None) -> Mapping[str, str] | None:
    """HL7's code and category of a reason; None where it has none."""
    return None if hl7 is None else {"code": hl7.code, "category": hl7.category.value}
