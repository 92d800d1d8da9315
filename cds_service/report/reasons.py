"""Why cards were overridden: our own reasons, each under the category of HL7's it belongs to."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from cds_service.report.rows import NO_REASON, Report
from cds_service.report.words import Words


@dataclass(frozen=True, slots=True)
class Group:
    """One category, "" for none, with its reasons in words and how many cards of each topic they hold."""

    code: str
    category: str
    reasons: tuple[tuple[str, Mapping[str, int]], ...]

    @property
    def number(self) -> int:
        """All its cards."""
        return sum(sum(topics.values()) for _, topics in self.reasons)


def by_reason(report: Report, words: Words) -> list[Group]:
    """The categories with their reasons, the most frequent first; what has no category comes last."""
    counts: dict[str, Counter[str]] = {}
    for row in report.shown:
        for reason, number in row.reasons.items():
            counts.setdefault(reason, Counter())[row.topic] += number
    groups: dict[str, list[str]] = {}
    for reason in sorted(counts, key=lambda reason: (reason == NO_REASON, -counts[reason].total(), reason)):
        hl7 = words.non_adherence(reason)
        groups.setdefault(hl7.category.value if hl7 else "", []).append(reason)
    found = [
        Group(code, words.category(some[0]), tuple((words.reason(reason), counts[reason]) for reason in some))
        for code, some in groups.items()
    ]
    return sorted(found, key=lambda group: (not group.code, -group.number, group.code))
