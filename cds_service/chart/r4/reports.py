"""What a DiagnosticReport says for each of its results: whether it counts at all, when it was, and whose it is."""

from cds_service.chart.r4.elements import Element, attempted, status
from cds_service.chart.r4.statuses import RESULT

_SHARED = frozenset(("entered-in-error", "cancelled", "registered"))
_WHEN = (
    "effectiveDateTime",
    "effectivePeriod",
    "effectiveInstant",
    "effectiveTiming",
    "appliesDateTime",
    "appliesPeriod",
)


def with_report(result: Element, report: Element) -> Element:
    """An Observation that is contained in the report or named in its ``result``, with what the report lends it.

    The report's status where that says that its results do not count; its subject and its times where the result has
    none of its own; ``issued`` stands in for a time that is there and can't be read.
    """
    lent: Element = {}
    said = attempted(status, report.get("status"), RESULT)
    if said in _SHARED:
        lent["status"] = said
    if not result.get("subject") and report.get("subject"):
        lent["subject"] = report["subject"]
    if not any(result.get(name) for name in (*_WHEN, "issued")):
        lent |= {name: report[name] for name in (*_WHEN, "issued") if report.get(name)}
    elif not result.get("issued"):
        issued = report.get("effectiveDateTime") or report.get("issued")
        lent |= {"issued": issued} if issued else {}
    return {**result, **lent} if lent else result
