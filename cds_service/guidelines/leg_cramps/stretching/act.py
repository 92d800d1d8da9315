"""What to do, as it suits this patient: at most four bullets, each line with what it rests on.

A card reads in ten seconds. Where more comes together (``Case.burden``) than these leave room for, the vitamins give
way first, then the splint, the massage, and the second condition with advice of its own. Beside a graver card all of
these give way, and the card has three bullets.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from cds_service.decision.phrases import Joined, Phrase, say, sentences
from cds_service.decision.recommendation import Advise, Bullet, Certainty, Cited
from cds_service.decision.recorded import drug_names, problem_name
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import ANTICOAGULANTS, CIRRHOSIS, DIALYSIS, PREGNANCY, RHABDOMYOLYSIS
from cds_service.guidelines.leg_cramps.electrolytes.limits import State
from cds_service.guidelines.leg_cramps.medicines import in_blood
from cds_service.guidelines.leg_cramps.quinine_reminder.rule import RULE as REMINDER
from cds_service.guidelines.leg_cramps.stretching import words
from cds_service.guidelines.leg_cramps.stretching.beside import electrolytes_elsewhere, graver
from cds_service.guidelines.leg_cramps.stretching.contributors import STUDIED, contributors, named
from cds_service.guidelines.leg_cramps.stretching.plan import Case
from cds_service.patient.facts import Facts, Medication
from cds_service.patient.terminology.vocabulary import drug, ingredient

MOST_BULLETS, MOST_BULLETS_BESIDE_GRAVER, MOST_CITED = 4, 3, 5
ROOM_FOR_VITAMINS, ROOM_FOR_SPLINT, ROOM_FOR_MASSAGE, ROOM_FOR_BLEEDING, ROOM_FOR_SECOND = 1, 2, 2, 3, 4
DRUGS, CONDITION, GRAVER = 1, 2, 5
"""What takes of this room: drugs to review, each condition, a graver card (all of it)."""
BLEEDING = (*ANTICOAGULANTS, drug("antiplatelet"))
OPPOSED = frozenset(map(ingredient, ("warfarin", "acenocoumarol", "phenprocoumon", "phenindione")))
"""Vitamin K antagonists: vitamin K2 works against them."""

STRETCHING = Cited(say(words.CITED_STRETCHING), (citations.HAWKE_2021,))
_ACUTE = Cited(say(words.CITED_ACUTE), (citations.MILLER_2022,))
_MEASURES = Cited(say(words.CITED_MEASURES), (citations.ALOMEDIKA_2025,))
_ALOMEDIKA = Cited(say(words.CITED_ALOMEDIKA), (citations.ALOMEDIKA_2025,))
_ELECTROLYTES = Cited(say(words.CITED_ELECTROLYTES), (citations.GARRISON_2020,))
_VITAMINS = Cited(say(words.CITED_VITAMINS), (citations.CONNOLLY_1992, citations.CHAN_1998))
_VITAMIN_E = Cited(say(words.CITED_VITAMIN_E), (citations.CONNOLLY_1992,))
_CONTRIBUTORS = Cited(say(words.CITED_CONTRIBUTORS), (citations.GARRISON_2012,))
_QUININE = Cited(say(words.CITED_QUININE), (citations.FDA_BOXED_WARNING,))
_CONDITIONS = {
    PREGNANCY: (words.PATIENT[PREGNANCY], Cited(say(words.CITED[PREGNANCY]), (citations.LUO_2020,))),
    DIALYSIS: (words.PATIENT[DIALYSIS], Cited(say(words.CITED[DIALYSIS]), (citations.MANTILLA_MANOSALVA_2024,))),
    CIRRHOSIS: (words.PATIENT[CIRRHOSIS], Cited(say(words.CITED[CIRRHOSIS]), (citations.TAPPER_2022,))),
}
_STRENGTH = tuple(Certainty)  # from the strongest


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence of a bullet, and the citations it rests on."""

    said: Phrase
    cited: tuple[Cited, ...] = ()


def act(facts: Facts, case: Case) -> tuple[tuple[Bullet, ...], tuple[Cited, ...]]:
    """The bullets, and the citations of what they say, the strongest first."""
    groups = [lines for lines in map(tuple, _groups(facts, case, taken=_room_taken(facts, case))) if lines]
    most = MOST_BULLETS_BESIDE_GRAVER if graver(facts) else MOST_BULLETS
    while len(groups) > most:  # the two neighbours with the fewest lines share one; the first is read with the summary
        join = min(range(1, len(groups) - 1), key=lambda at: len(groups[at]) + len(groups[at + 1]))
        groups[join : join + 2] = [(*groups[join], *groups[join + 1])]
    cited = dict.fromkeys(one for lines in groups for line in lines for one in line.cited)
    strongest = sorted(cited, key=lambda one: min(_STRENGTH.index(source.certainty) for source in one.sources))
    return tuple(sentences(*(line.said for line in lines)) for lines in groups), tuple(strongest[:MOST_CITED])


def _room_taken(facts: Facts, case: Case) -> int:
    drugs, cards = bool(contributors(facts)), graver(facts)
    return DRUGS * drugs + CONDITION * case.burden + GRAVER * cards


def _groups(facts: Facts, case: Case, taken: int) -> Iterator[Iterator[Line]]:
    yield _low_sodium(case)
    yield _now(case, taken)
    yield _hold(case)
    yield _in_exercise(case)
    yield _prevention(case, taken)
    yield _patient(facts, case, taken)
    yield _ask(case, taken)
    yield _drugs(facts, case, taken)


def _low_sodium(case: Case) -> Iterator[Line]:
    """Drinking freely makes it worse; salt does harm on dialysis and in cirrhosis."""
    if case.low_sodium is not None:
        restricted = {DIALYSIS, CIRRHOSIS} & set(case.conditions)
        yield Line(say(words.EXERCISE_LOW_SODIUM_NO_SALT if restricted else words.EXERCISE_LOW_SODIUM))


def _now(case: Case, taken: int) -> Iterator[Line]:
    """S1, S3, S5, S6: stretch; massage and heat with it where they do no harm."""
    if case.at_risk:
        yield from (Line(say(words.HOLD[concept])) for concept in case.at_risk[:2])
    elif case.thrombosis:
        yield Line(say(words.NOW_GENTLE_ASSISTED if case.als else words.NOW_GENTLE), (STRETCHING,))
    elif case.only_exercise and case.low_sodium is None:
        yield Line(say(words.EXERCISE_ALONE), (_ACUTE,))
    else:
        yield Line(say(words.NOW_ASSISTED if case.als else words.NOW_STRETCH), (_stretched(case),))
        if taken <= ROOM_FOR_MASSAGE:
            cool = case.impaired or case.exercise
            yield Line(say(words.NOW_MASSAGE if cool else words.NOW_MASSAGE_HEAT), (_MEASURES,))
        if case.low_sodium is not None:
            yield Line(say(words.EXERCISE_NO_HEAT))


def _hold(case: Case) -> Iterator[Line]:
    """Why massage, heat and exercises wait."""
    if not case.at_risk:
        yield from (Line(say(words.HOLD[concept])) for concept in case.thrombosis)


def _stretched(case: Case) -> Cited:
    return _ACUTE if case.only_exercise else STRETCHING


def _in_exercise(case: Case) -> Iterator[Line]:
    """What a cramp in exercise or heat asks for beside the stretch."""
    if not case.exercise or case.low_sodium is not None:
        return
    if not case.only_exercise or case.hands_off:
        yield Line(say(words.EXERCISE_FLUIDS), (_ACUTE,) if case.only_exercise and not case.at_risk else ())
    yield Line(say(words.EXERCISE_HEAT_STROKE))


def _prevention(case: Case, taken: int) -> Iterator[Line]:
    """S3, S4, S7: stretch at bedtime, strengthen, splint."""
    if case.at_risk:
        return
    if not case.only_exercise:
        yield Line(say(words.PREVENTION_ASSISTED if case.als else words.PREVENTION_BEDTIME), (STRETCHING,))
    if not case.hands_off:
        if case.only_exercise and taken <= ROOM_FOR_MASSAGE:
            yield Line(say(words.NOW_MASSAGE), (_MEASURES,))
        yield Line(say(words.PREVENTION_STRENGTHENING_ALS if case.als else words.PREVENTION_CALF_RAISES), (_MEASURES,))
        if not (case.only_exercise or case.impaired) and taken <= ROOM_FOR_SPLINT:
            yield Line(say(words.PREVENTION_SPLINT), (_MEASURES,))
    yield Line(say(words.PREVENTION_REVIEW))


def _patient(facts: Facts, case: Case, taken: int) -> Iterator[Line]:
    """What may contribute, and what this patient's condition asks for; with drugs to review one condition only."""
    found = () if RHABDOMYOLYSIS in case.at_risk else contributors(facts)  # RedFlags says more of statins
    if found:
        studied = any(one.holds(*STUDIED) for one in found)
        yield Line(say(words.PATIENT_CONTRIBUTORS, drugs=named(found)), (_CONTRIBUTORS,) if studied else ())
    if case.hypothyroid:
        yield Line(say(words.PATIENT_HYPOTHYROIDISM))
    for concept in case.conditions if taken <= ROOM_FOR_SECOND else case.conditions[:1]:
        said, cited = _CONDITIONS[concept]
        yield Line(say(said), (cited,))


def _ask(case: Case, taken: int) -> Iterator[Line]:
    """What a history and an examination tell, and what to leave out by what they find."""
    if case.at_risk:
        return
    yield Line(say(words.ASK_EXAMINE))
    if case.hands_off:
        return
    named = taken <= ROOM_FOR_MASSAGE  # massage, and what of heat and splint does no harm; each with its precaution
    if named:
        yield Line(say(words.ASK_DVT))
    if case.impaired:
        why = Joined(tuple(problem_name(concept) for concept in case.impaired))
        yield Line(say(words.ASK_NO_HEAT, why=why))
    elif named and not case.only_exercise:
        yield Line(say(words.ASK_NUMB))


def _drugs(facts: Facts, case: Case, taken: int) -> Iterator[Line]:
    """S2, S8, S10, S11: drugs are not first; electrolytes only against an imbalance; vitamins are unproven."""
    yield Line(say(words.DRUGS_ADJUNCT if case.als else words.DRUGS_NOT_FIRST), (_ALOMEDIKA,) if case.at_risk else ())
    quinine = _reminder_is_off(facts)
    if quinine and PREGNANCY not in case.conditions:
        yield Line(say(words.DRUGS_QUININE), (_QUININE,))
    if case.only_exercise:
        return
    if all(one.direction is State.UNCLEAR for one in electrolytes_elsewhere(facts)):  # else their own card says so
        older = PREGNANCY not in case.conditions  # the review's figures are of older adults; of pregnancy it has a line
        yield Line(say(words.DRUGS_ELECTROLYTES), (_ELECTROLYTES,) if older else ())
    if not (quinine or case.at_risk or case.conditions):
        yield from _vitamins(facts, taken)


def _reminder_is_off(facts: Facts) -> bool:
    """The reminder about quinine is switched off, and would have come: its one line stands here."""
    return REMINDER.name in facts.switched_off and isinstance(REMINDER.decide(facts), Advise)


def bleeding_drugs(facts: Facts) -> tuple[Medication, ...]:
    """The active anticoagulants and antiplatelets that act in the blood."""
    return in_blood(facts, *BLEEDING)


def _vitamins(facts: Facts, taken: int) -> Iterator[Line]:
    """Vitamin E makes bleeding likelier with some drugs; K2 works against others. That is said before what is unproven."""
    bleeding = bleeding_drugs(facts)
    if not bleeding:
        if taken <= ROOM_FOR_VITAMINS:
            yield Line(say(words.DRUGS_VITAMINS), (_VITAMINS,))
    elif taken <= ROOM_FOR_BLEEDING:
        drugs = drug_names(bleeding, *BLEEDING)
        opposed = tuple(one for one in bleeding if any(held.name in OPPOSED for held in one.ingredients))
        if opposed:
            said = say(words.DRUGS_VITAMINS_OPPOSED, drugs=drugs, opposed=drug_names(opposed, *ANTICOAGULANTS))
        else:
            said = say(words.DRUGS_VITAMINS_BLEEDING, drugs=drugs)
        yield Line(said, (_VITAMIN_E,))
