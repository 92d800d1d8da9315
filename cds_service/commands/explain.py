"""The text of ``explain`` and ``rules``: what was known, what every rule made of it and why, on what evidence."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

from cds_service.cards.escaping import one_line
from cds_service.cards.wording import Wording
from cds_service.catalogue import CATALOGUE, RULES, wording
from cds_service.decision.lab_words import UNUSABLE
from cds_service.decision.recommendation import CERTAINTY, Advise, CannotTell, Decided, Evidence, NotAdvised, Rule
from cds_service.patient.facts import Allergy, Facts, LabResult, Medication, Problem
from cds_service.patient.moments import Moment
from cds_service.patient.person import Person
from cds_service.pipeline import Answer
from cds_service.protocol.notes import MEANINGS
from cds_service.web.recommendations import render
from cds_service.web.recommendations.document import names, page, pairs


def explain(answer: Answer, words: Wording) -> str:
    """Every rule's decision, every fact with its source, everything unread, what is odd about the call, what became of each query."""
    facts = answer.facts
    blocks = [
        _block(
            "RULES",
            [
                *(line for decided in answer.decisions for line in _decided(decided, words)),
                *(f"  {rule.name}: SWITCHED OFF" for rule in answer.switched_off),
            ],
        ),
        _block("FACTS", _facts(facts, words)),
        _block(
            "NOT READ",
            [
                f"  {one_line(one.source)} ({one.query}): {one.why}{_quoted(one.shown)}{_as_often(one.times)}"
                for one in facts.unread
            ],
        ),
        _block("NOTES", [f"  {note}: {MEANINGS[note]}" for note in answer.notes]),
        _block("RECEIVED", [f"  {query}: {receipt.value}" for query, receipt in facts.receipts.items()]),
    ]
    if answer.site:
        blocks.append(
            _block("SITE FILE", [f"  {answer.site.file} {answer.site.digest}", *_indented(answer.site.contents)])
        )
    withheld = f", {len(answer.withheld)} withheld (silent mode)" if answer.withheld else ""
    return f"{facts.today.isoformat()}, {len(answer.cards)} cards{withheld}\n\n" + "\n\n".join(blocks)


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _block(heading: str, lines: Iterable[str]) -> str:
    return "\n".join([heading, *(list(lines) or ["  none"])])


def _decided(decided: Decided, words: Wording) -> Iterator[str]:
    rule, decision = decided.rule, decided.decision
    match decision:
        case Advise():
            yield f"  {rule.name}: ADVISED, {decision.indicator.code}: {words.say(decision.summary)}"
            yield from (f"    because {words.say(one.phrase)}{_from(one.source)}" for one in decision.why)
            yield from (f"    unknown: {words.say(one)}" for one in decision.unknown)
        case NotAdvised():
            yield f"  {rule.name}: not advised: {words.say(decision.reason)}"
        case CannotTell():
            yield f"  {rule.name}: CANNOT TELL"
            yield from (f"    missing: {words.say(one)}" for one in decision.missing)


def _facts(facts: Facts, words: Wording) -> Iterator[str]:
    yield _person(facts.person)
    yield from (_problem(one) for one in facts.problems)
    yield from (_medication(one, "medication") for one in facts.medications)
    yield from (_medication(one, "draft") for one in facts.drafts)
    yield from (_allergy(one) for one in facts.allergies)
    yield from (_result(one, words) for one in facts.results)
    yield from (f"  order: {', '.join(sorted(one.concepts))}{_from(one.source)}" for one in facts.orders)


def _person(person: Person) -> str:
    return f"  patient: born {_moment(person.birth) or 'not known'}, {person.sex}{_from(person.source)}"


def _problem(problem: Problem) -> str:
    told = _told(
        problem.clinical or "status not recorded",
        problem.verification,
        _dated("since", problem.onset),
        _dated("recorded", problem.recorded),
        _dated("until", problem.abated),
        _lost(problem.unreadable),
    )
    matched = ", ".join(f"{concept} (by {match})" for concept, match in problem.concepts.items())
    return f"  problem: {matched}{_quoted(problem.text)}; {told}{_from(problem.source)}"


def _medication(medication: Medication, kind: str) -> str:
    held = ", ".join(f"{one.name} ({one.concept}, by {one.match})" for one in medication.ingredients)
    told = _told(
        medication.status or "no status",
        medication.intent,
        medication.route,
        _dated("authored", medication.authored),
        _dated("until", medication.ended),
        "do not perform" if medication.do_not_perform else None,
        *(f"for {', '.join(reason.concepts)}" for reason in medication.reasons),
        *(f"for {one_line(reference)} (not received)" for reference in medication.unread_reasons),
        _lost(medication.unreadable),
    )
    return f"  {kind}: {held or 'no drug we know'}{_quoted(medication.text)}; {told}{_from(medication.source)}"


def _allergy(allergy: Allergy) -> str:
    told = _told(
        allergy.clinical, allergy.verification, _dated("recorded", allergy.recorded), _lost(allergy.unreadable)
    )
    return f"  allergy: {', '.join(allergy.concepts)}{_quoted(allergy.text)}; {told}{_from(allergy.source)}"


def _result(result: LabResult, words: Wording) -> str:
    value = "not used" if result.value is None else f"{result.comparator or ''}{_number(result.value)} {result.unit}"
    told = _told(
        f"received {one_line(result.received)}",
        _moment(result.moment) or (result.dated and one_line(result.dated)),
        result.status,
        result.unusable and words.text(UNUSABLE[result.unusable]),
        *result.flags,
        *result.notes,
        _lost(result.unreadable),
    )
    return f"  result: {result.analyte} {value}; {told}{_from(result.source)}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}" if value == value.to_integral() else str(value)


def _told(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)


def _as_often(times: int) -> str:
    return f", {times:,} times" if times > 1 else ""


def _lost(unreadable: tuple[str, ...]) -> str | None:
    return f"not readable: {' '.join(unreadable)}" if unreadable else None


def _dated(word: str, moment: Moment | None) -> str | None:
    return f"{word} {_moment(moment)}" if moment else None


def _moment(moment: Moment | None) -> str | None:
    if moment is None:
        return None
    return moment.day.isoformat() if moment.day == moment.last_day else f"{moment.day} to {moment.last_day}"


def _quoted(text: str | None) -> str:
    return f' "{one_line(text)}"' if text else ""


def _from(source: str | None) -> str:
    return f" [{one_line(source)}]" if source else ""


def listed(language: str, off: Mapping[str, Collection[str]]) -> str:
    """Every recommendation with its evidence and how certain that is; ``off``: the rules that are off, by hook."""
    words = wording(language)
    hooks: dict[str, list[str]] = {}
    for service in CATALOGUE:
        for rule in service.rules:
            is_off = rule.name in off.get(service.hook, ())
            hooks.setdefault(rule.name, []).append(f"{service.hook} (SWITCHED OFF)" if is_off else service.hook)
    return "\n\n".join(_rule(RULES[name], on, words) for name, on in hooks.items())


def _rule(rule: Rule, hooks: Sequence[str], words: Wording) -> str:
    heading = f"{words.text(rule.title)}\n  {rule.name} {rule.version}, topic {rule.topic}, on {', '.join(hooks)}"
    return "\n".join([heading, *(f"  - {_evidence(one, words)}" for one in rule.evidence)])


def _evidence(evidence: Evidence, words: Wording) -> str:
    held = "; ".join(filter(None, (words.text(CERTAINTY[evidence.certainty]), ", ".join(evidence.serves))))
    return f"{evidence.citation} [{held}]: {words.text(evidence.finding)} ({evidence.identifier})"


def in_full(form: str, language: str, off: Mapping[str, Collection[str]]) -> str:
    """Every page as ``text``, ``html`` or ``json``, with what each code is called."""
    pages = [found for name in names() if (found := page(name, language, pairs(off))) is not None]
    if form == "json":
        return render.json(pages).decode()
    return render.html(pages, language) if form == "html" else render.text(pages, language)
