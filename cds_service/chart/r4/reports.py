"""What a DiagnosticReport says for each of its results: whether it counts at all, when it was, and whose it is."""

from cds_service.chart.r4.elements import Element, attempted, concept, listed, status
from cds_service.chart.r4.results import TIMES
from cds_service.chart.r4.statuses import RESULT

_SHARED = frozenset(("entered-in-error", "cancelled", "registered"))
_AROUND = "_around"  # no element of FHIR: the words of a result's specimen, panel and report


def words_of(holder: Element) -> list[str]:
    """The words a report, panel or specimen says what it is by."""
    found = (attempted(concept, holder.get(name)) for name in ("code", "type", "category"))
    coded = [one for one in found if isinstance(one, dict)]
    displays = (one.get("display") for made in coded for one in made.get("coding", []))
    return [word for word in (*(made.get("text") for made in coded), *displays) if isinstance(word, str)]


def with_words(result: Element, words: list[str]) -> Element:
    """An Observation with words of what it is part of."""
    return {**result, _AROUND: [*listed(result.get(_AROUND)), *words]}


def words_around(result: Element) -> list[str]:
    """The words of its specimen, its panel and its report, as far as they are in hand."""
    specimen = result.get("specimen")
    shown = specimen.get("display") if isinstance(specimen, dict) else specimen
    inside = (one for one in listed(result.get("contained")) if isinstance(one, dict))
    own = [word for one in inside if one.get("resourceType") == "Specimen" for word in words_of(one)]
    return [word for word in (shown, *own, *listed(result.get(_AROUND))) if isinstance(word, str)]


def with_report(result: Element, report: Element) -> Element:
    """An Observation that is contained in the report or named in its ``result``, with what the report lends it.

    The report's status where that says that its results do not count; its subject and its times where the result has
    none of its own; ``issued`` stands in for a time that is there and can't be read.
    """
    lent: Element = {_AROUND: [*listed(result.get(_AROUND)), *words_of(report)]}
    said = attempted(status, report.get("status"), RESULT)
    if said in _SHARED:
        lent["status"] = said
    if not result.get("subject") and report.get("subject"):
        lent["subject"] = report["subject"]
    if not any(result.get(name) for name in (*TIMES, "issued")):
        lent |= {name: report[name] for name in (*TIMES, "issued") if report.get(name)}
    elif not result.get("issued"):
        issued = report.get("effectiveDateTime") or report.get("issued")
        lent |= {"issued": issued} if issued else {}
    return {**result, **lent}
