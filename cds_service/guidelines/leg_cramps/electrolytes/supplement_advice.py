"""What is said of a supplement without a documented deficit: unlikely to help, and why; an option, not a command."""

from collections.abc import Iterable, Iterator

from cds_service.decision import lab_words, overrides
from cds_service.decision.phrases import Phrase, say
from cds_service.decision.recommendation import Advise, Because, GuidelineLink, Indicator, Section
from cds_service.decision.recorded import medication_fact, medicine, problem_fact
from cds_service.decision.unknown import (
    age_unknown,
    drafts_unread,
    medicines_missing,
    problems_missing,
    results_missing,
)
from cds_service.guidelines.leg_cramps import citations
from cds_service.guidelines.leg_cramps.concepts import (
    ALS,
    CIRRHOSIS,
    CRAMP_CAUSING_DIURETIC,
    CRAMP_EXERCISE_HEAT,
    PREGNANCY,
)
from cds_service.guidelines.leg_cramps.electrolytes import words
from cds_service.guidelines.leg_cramps.electrolytes.lines import ANALYTES, name, not_used, shown_value
from cds_service.guidelines.leg_cramps.electrolytes.supplements import DIALYSIS, MAGNESIUM, Judged
from cds_service.guidelines.leg_cramps.problems import als_problems, cramp_fact, cramp_problems
from cds_service.patient.facts import Facts


def supplement_advice(facts: Facts, unneeded: tuple[Judged, ...]) -> Advise:
    """The card of supplements alone. ``unneeded`` is not empty."""
    magnesium = any(one.supplement is MAGNESIUM for one in unneeded)
    first = unneeded[0]
    if magnesium:
        summary = say(words.SUMMARY_SUPPLEMENT_MAGNESIUM)
    else:
        analyte = lab_words.starting(first.supplement.electrolyte)
        in_exercise = only_exercise_cramps(facts)
        said = words.SUMMARY_SUPPLEMENT_IN_EXERCISE if in_exercise else words.SUMMARY_SUPPLEMENT_OTHER
        summary = say(said, supplement=analyte)
    return Advise(
        indicator=Indicator.INFO,
        summary=summary,
        sections=(supplement_section(facts, unneeded),),
        because=(*supplement_facts(facts, unneeded), *problem_facts(facts)),
        unknown=(
            *not_used(facts),
            *results_missing(facts, *ANALYTES),
            *problems_missing(facts, DIALYSIS, CIRRHOSIS, PREGNANCY, *(o.supplement.deficit for o in unneeded)),
            *medicines_missing(facts, CRAMP_CAUSING_DIURETIC),
            *drafts_unread(facts),
            *age_unknown(facts),
        ),
        evidence=(citations.ALOMEDIKA_2025, citations.GARRISON_2020) if magnesium else (citations.ALOMEDIKA_2025,),
        override_reasons=(overrides.BENEFIT, overrides.SPECIALIST, overrides.DATA_WRONG, overrides.LATER),
        links=_supplement_links(magnesium=magnesium),
    )


def _supplement_links(*, magnesium: bool) -> tuple[GuidelineLink, ...]:
    if not magnesium:
        return ()
    return (GuidelineLink(say(words.LINK_GARRISON), citations.GARRISON_2020.url or ""),)


def supplement_section(facts: Facts, unneeded: tuple[Judged, ...]) -> Section:
    """What to weigh, with the level that shows no deficit."""
    lines: list[Phrase] = []
    for one in unneeded:
        drug = medicine(one.medication, one.ingredient, facts.today)
        if one.supplement is MAGNESIUM:
            lines.append(say(words.SUPPLEMENT_MAGNESIUM, drug=drug))
        else:
            said = words.SUPPLEMENT_IN_EXERCISE if only_exercise_cramps(facts) else words.SUPPLEMENT_OTHER
            lines.append(say(said, drug=drug))
        if one.level is not None:
            lines.append(
                say(
                    words.SUPPLEMENT_NOT_LOW,
                    analyte=lab_words.starting(name(one.level)),
                    value=shown_value(one.level),
                    date=one.level.result.moment or "",
                )
            )
    lines.append(say(words.SUPPLEMENT_ON_TREATMENT))
    minor = facts.person.certainly_under_18(facts.today)  # stretching is advised to adults
    lines.append(say(words.SUPPLEMENT_OPTIONS_MINOR if minor else words.SUPPLEMENT_OPTIONS))
    return Section(words.HEADING_SUPPLEMENT, tuple(dict.fromkeys(lines)))


def supplement_facts(facts: Facts, unneeded: Iterable[Judged]) -> Iterator[Because]:
    """The supplement and the level it was judged by, with their sources."""
    for one in unneeded:
        yield medication_fact(one.medication, one.ingredient, facts.today)
        if one.level is not None:
            yield Because(
                say(
                    words.SHORT_VALUE,
                    analyte=lab_words.starting(name(one.level)),
                    value=shown_value(one.level),
                    date=one.level.result.moment or "",
                ),
                one.level.result.source,
            )


def problem_facts(facts: Facts) -> tuple[Because, ...]:
    """The cramps and ALS that are on record."""
    return (
        *(cramp_fact(problem) for problem in cramp_problems(facts)),
        *(problem_fact(problem, *ALS) for problem in als_problems(facts)),
    )


def only_exercise_cramps(facts: Facts) -> bool:
    """True when every cramp is one of exercise or heat, and there is no ALS: fluids with sodium are then the treatment."""
    cramps = cramp_problems(facts)
    in_exercise = all(problem.is_a(CRAMP_EXERCISE_HEAT) for problem in cramps)
    return bool(cramps) and in_exercise and not als_problems(facts)
