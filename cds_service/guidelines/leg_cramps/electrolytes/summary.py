"""The first line of the card of an imbalance: the worst value, and what to do."""

from collections.abc import Mapping, Sequence

from cds_service.decision import lab_words
from cds_service.decision.phrases import Joined, Listed, Phrase, Value, say
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.against import Against
from cds_service.guidelines.leg_cramps.electrolytes.findings import Finding
from cds_service.guidelines.leg_cramps.electrolytes.imbalance import Imbalance
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.electrolytes.lines import name, shown_value

_MOST_OTHERS = 2  # named in the summary after the worst


def summary(found: Imbalance, *, short: bool = False) -> Phrase:
    """The worst value with what to do; ``short``: what to do alone, where a language makes the whole too long."""
    worst, others = found.found[0], found.found[1:]
    against = next((one for one in found.against if one.finding == worst), None)
    if against is not None:
        return _against(found, against)
    if worst.direction is State.UNCLEAR:
        return _discordant(worst, len(others))
    what = say(words.STARTING[worst.direction][name(worst)])
    values: Mapping[str, Value] = {"what": what, "value": shown_value(worst), "date": worst.result.moment or ""}
    if others:
        also = say(words.PART_MORE_OTHERS, more=len(others)) if short else _others(others)
        return say(words.SUMMARY_SEVERAL, **values, others=also, parts=_parts(_acts(found, worst)))
    low = worst.direction is State.LOW
    if short or not low:
        return say(words.SUMMARY[worst.direction], **values, parts=_parts(_acts(found, worst)))
    return say(words.SUMMARY[worst.direction], **values, parts=_parts(_all(found, worst)))


def _all(found: Imbalance, worst: Finding) -> list[Phrase]:
    acts = _acts(found, worst)
    if found.diuretics:
        review = say(words.PART_DIURETICS)
        acts = [review] if acts == [say(words.PART_CAUSE)] else [*acts, review]
    return [say(words.PART_QUININE if found.quinine else words.PART_CONTRIBUTES), *acts]


def _acts(found: Imbalance, worst: Finding) -> list[Phrase]:
    """What to do now; a high value is verified first; where that is nothing else, the cause is looked for."""
    acts = [
        *((words.PART_WATER,) if found.in_exercise else ()),
        *((words.PART_MAGNESIUM,) if found.lacks_magnesium else ()),
        *((words.PART_ECG,) if found.wants_ecg else ()),
        *((words.PART_REFLEXES,) if found.magnesium_beyond_treatment else ()),
    ]
    if worst.direction is State.HIGH:
        acts.insert(0, words.PART_ASSESS)
    return [say(one) for one in acts or [words.PART_CAUSE]]


def _parts(parts: Sequence[Phrase]) -> Listed:
    return Listed(tuple(parts))


def _against(found: Imbalance, against: Against) -> Phrase:
    """A high value of what is given further."""
    finding = against.finding
    what, value = lab_words.starting(name(finding)), shown_value(finding)
    date, supplied = finding.result.moment or "", lab_words.named(against.supplement.electrolyte)
    if against.is_old:
        return say(words.SUMMARY_REPEAT_FIRST, what=what, value=value, date=date, supplement=supplied)
    parts = [say(words.PART_NOT_GIVING, supplement=supplied)]
    if found.wants_ecg:
        parts.append(say(words.PART_ECG))
    if found.magnesium_beyond_treatment:
        parts.append(say(words.PART_REFLEXES))
    return say(words.SUMMARY_NOT_GIVING, what=what, value=value, date=date, parts=_parts(parts))


def _discordant(finding: Finding, more: int) -> Phrase:
    """Flagged critical but within limits: neither low nor high."""
    said = words.SUMMARY_DISCORDANT_AND_MORE if more else words.SUMMARY_DISCORDANT
    return say(
        said,
        what=lab_words.starting(name(finding)),
        value=shown_value(finding),
        date=finding.result.moment or "",
        more=more,
    )


def _named(finding: Finding) -> Phrase:
    if finding.direction is State.UNCLEAR:
        return say(words.PART_DISCORDANT, analyte=lab_words.named(name(finding)))
    return say(words.NAMED[finding.direction][name(finding)])


def _others(others: Sequence[Finding]) -> Joined:
    named = [_named(other) for other in others[:_MOST_OTHERS]]
    if len(others) > _MOST_OTHERS:
        named.append(say(words.PART_MORE_OTHERS, more=len(others) - _MOST_OTHERS))
    return Joined(tuple(named))
