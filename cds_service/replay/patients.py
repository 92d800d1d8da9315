"""One patient replayed: from the lines of a chart to rows. Pure and picklable, for any engine to apply."""

import hmac
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

import orjson

from cds_service import pipeline
from cds_service.catalogue import wording
from cds_service.chart.r4.elements import CANNOT_READ, concept
from cds_service.chart.read.sources import source_of, words_of
from cds_service.decision.guideline import Guideline
from cds_service.decision.recommendation import Advise, CannotTell, Indicator, NotAdvised
from cds_service.decision.unknown import MORE_DRAFTS, NOT_USABLE, UNREAD, UNREAD_COUNT, UNREAD_MORE, drafts_of_any_drug
from cds_service.errors import CdsError
from cds_service.logs import places
from cds_service.patient.facts import Facts
from cds_service.patient.person import Person
from cds_service.patient.received import DRAFT_ORDERS
from cds_service.pipeline import Answer
from cds_service.protocol.cards import Card
from cds_service.protocol.schemas import dump_cards
from cds_service.replay.calls import At, Chart, MadeCall, Options, chart_of, made_calls, undated_moments
from cds_service.replay.recorded import last_instant
from cds_service.replay.results.coded import Unusable
from cds_service.replay.results.gaps import gaps_of
from cds_service.replay.rows import NO_AGE, Kind, Outcome, Row
from cds_service.site.site import put_in_force

_HASH_LENGTH = 32  # hexadecimal digits: 128 bits
_AGES = ((18, "0-17"), (40, "18-39"), (50, "40-49"), (60, "50-59"), (70, "60-69"), (80, "70-79"))
_OLDEST = "80+"
_YES, _NO = (True, "true"), (False, "false")
_VALUE = re.compile(r"^[<>=≤≥~\s]*[-+\d.,]+\s*")
_HINDERED = frozenset(one.key for one in (UNREAD, UNREAD_MORE, UNREAD_COUNT, NOT_USABLE, MORE_DRAFTS))
"""What a rule that cannot tell says of an entry that could not be used."""
_BY_NAME = "by-name"
"""Why a result could not be used, where its name is to blame."""
About = tuple[str, int, date, str]
"""The hash of the patient, which of the patient's calls, its day and service."""


def replay_patient(lines: Sequence[bytes], options: Options) -> list[Row]:
    """The rows of one patient: every call with its cards, or why there was none.

    ``lines``: the patient's resources as JSON, one each, in any order: every type a chart is made of, the
    Medications its orders refer to, and Encounters. The same lines and options give the same rows.
    """
    put_in_force(options.site)
    chart = chart_of(lines)
    try:
        rows = [] if chart is None else _replayed(chart, options)
        sound = all(row.outcome is not Outcome.REFUSED for row in rows)
    except orjson.JSONDecodeError:
        sound = False
    if not sound:  # what orjson refuses (a number beyond a double, say) must not cost the rest of the chart
        checked = chart_of(lines, checked=True)
        if checked is not None and (checked.broken or chart is None):
            return _replayed(checked, options)
    return rows


def answer(call: MadeCall, options: Options) -> Answer:
    """The pipeline's answer to a made call, the way it answers one over HTTP. Raises CdsError as there."""
    return pipeline.answer(
        call.request,
        call.service,
        fetch=None,
        today=call.day,
        words=wording(options.language),
        settings=options.settings,
        site=options.site,
    )


def hashed(text: str | bytes, key: bytes) -> str:
    """The keyed hash that stands for a patient, or for an answer."""
    return hmac.digest(key, text.encode() if isinstance(text, str) else text, "sha256").hex()[:_HASH_LENGTH]


def card_digest(card: Card, key: bytes) -> str:
    """A keyed hash of all that the card says, its identifiers left out."""
    return hashed(repr((card.summary, card.detail, card.indicator, [one.label for one in card.suggestions])), key)


def _replayed(chart: Chart, options: Options) -> list[Row]:
    patient = hashed(chart.patient_id, options.key)
    rows: list[Row] = []
    gone = Outcome.NO_MOMENT
    for place, call in enumerate(made_calls(chart, options)):
        became = _gone(chart, call.day, options)
        if became is None:
            rows += _called(chart, call, options, (patient, place, call.day, call.service.id))
        else:
            gone = became
    about = (patient, 0, options.as_of, options.judged.id)
    undated = [Row(Kind.UNREAD, *about, what=kind, why="no-time") for kind in undated_moments(chart, options)]
    return [*(rows or [Row(Kind.CALL, *about, outcome=gone)]), *undated]


def _gone(chart: Chart, day: date, options: Options) -> Outcome | None:
    """Died before the day, or inactive. Of somebody who came to an encounter or had an order, only a date tells."""
    patient = chart.patient
    zone = options.settings.timezone
    died = last_instant(patient.get("deceasedDateTime"), zone)
    if died is not None:
        return Outcome.DIED if died.astimezone(zone).date() < day else None
    if options.moments is not At.DAY:
        return None
    if patient.get("deceasedBoolean") in _YES:
        return Outcome.DIED
    return Outcome.INACTIVE if patient.get("active") in _NO else None


def _called(chart: Chart, call: MadeCall, options: Options, about: About) -> list[Row]:
    try:
        answered = answer(call, options)
        digest = hashed(dump_cards(answered.cards), options.key)
        if call.service.judges and not answered.facts.receipts and not drafts_of_any_drug(answered.facts):
            return [Row(Kind.CALL, *about, outcome=Outcome.NOT_JUDGED)]
        return _answered(chart, call, answered, digest, options, about)
    except CdsError as error:
        return [Row(Kind.CALL, *about, outcome=Outcome.REFUSED, missing=(error.code,))]
    except Exception as error:  # noqa: BLE001 - one chart must not end the run; it is counted, by its kind and place
        return [
            Row(Kind.CALL, *about, outcome=Outcome.FAILED, missing=(f"{type(error).__name__} at {places(error)[-1]}",))
        ]


def _answered(chart: Chart, call: MadeCall, answered: Answer, digest: str, options: Options, about: About) -> list[Row]:
    facts = answered.facts
    decided = [(one.rule, one.decision) for one in answered.decisions]
    advice = [(rule, decision) for rule, decision in decided if isinstance(decision, Advise)]
    doubtful = [(rule, decision) for rule, decision in decided if isinstance(decision, CannotTell)]
    hindered = any(phrase.key in _HINDERED for _, decision in doubtful for phrase in decision.missing)
    # Reading a whole chart takes as long as the call.
    unread = list(_unread(facts, chart)) if advice or hindered else []
    age, sex = _age(facts.person, call.day), str(facts.person.sex)
    why_unread = {f"{query}: {why}" for query, why, _, _ in unread} | ({"export: broken"} if chart.broken else set())
    cards = []
    for card in answered.cards:
        behind = [(rule, decision) for rule, decision in advice if rule.topic == card.source.topic.code]
        cards.append(
            Row(
                Kind.CARD,
                *about,
                age,
                sex,
                topic=card.source.topic.code,
                rule=", ".join(rule.name for rule, _ in behind),
                version=", ".join(rule.version for rule, _ in behind),
                indicator=card.indicator,
                missing=_distinct(phrase.key for _, decision in behind for phrase in decision.unknown),
                unread=_distinct(why_unread),
                digest=card_digest(card, options.key),
            )
        )
    drafts = call.request.context.draft_orders
    gaps = gaps_of([*call.request.prefetch.values(), *([drafts] if drafts else [])])
    worst = max((Indicator[card.indicator.upper()] for card in answered.cards), default=None)
    not_received = (f"{query}: {receipt}" for query, receipt in facts.receipts.items() if not receipt.complete)
    missing = (phrase.key for _, decision in doubtful for phrase in decision.missing)
    unknown = (phrase.key for _, decision in advice for phrase in decision.unknown)
    call_row = Row(
        Kind.CALL,
        *about,
        age,
        sex,
        outcome=Outcome.ANSWERED,
        indicator=worst.code if worst else "",
        cards=len(cards),
        concerned=bool(gaps.near) or _is_concerned(facts, call.service.guideline),
        cannot_tell=_distinct(rule.name for rule, _ in doubtful),
        missing=_distinct(chain(not_received, missing, unknown)),
        unread=_distinct(why_unread),
        silent=_distinct(f"{rule.name}: {one.reason.key}" for rule, one in decided if isinstance(one, NotAdvised)),
        doubts=call.doubts,
        digest=digest,
    )
    bare = {query for query, *_ in gaps.bare} | ({DRAFT_ORDERS} if drafts and gaps.bare else set())
    named = (one for one in unread if one[-1] or one[0] not in bare)  # a bare code says which it was
    texts = dict.fromkeys(chain(named, *gaps))
    found = [Row(Kind.UNREAD, *about, what=what, why=why, nearest=near, text=text) for what, why, near, text in texts]
    return [call_row, *cards, *found]


def _unread(facts: Facts, chart: Chart) -> Iterator[Unusable]:
    """What of the chart could not be used: (query, why, nearest concept, the words for it without a value)."""
    for one in facts.unread:
        yield one.query, one.why, ", ".join(sorted(one.concepts)), (one.shown or "").strip()
    names = _names(chart) if any(result.unusable == _BY_NAME for result in facts.results) else {}
    for result in facts.results:
        if result.unusable:
            words = names[result.source] if result.unusable == _BY_NAME else _VALUE.sub("", result.received)
            yield "observations", result.unusable, result.analyte, words.strip()


def _names(chart: Chart) -> Mapping[str, str]:
    """What the record calls each Observation, by its source; "" of those it has no word for."""
    names: defaultdict[str, str] = defaultdict(str)
    for one in chart.resources.get("Observation", ()):
        try:
            names[source_of(one, "")] = words_of(concept(one.get("code"))) or ""
        except CANNOT_READ:
            continue
    return names


def _is_concerned(facts: Facts, guideline: Guideline) -> bool:
    return bool(
        facts.problems_of(guideline.problems)
        or facts.medications_of(guideline.drugs)
        or any(one.holds(*guideline.drugs) for one in facts.drafts)
    )


def _age(person: Person, day: date) -> str:
    bounds = person.age_bounds(day)
    if bounds is None:
        return NO_AGE
    return next((band for limit, band in _AGES if bounds[0] < limit), _OLDEST)


def _distinct(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(words)))
