"""Which drugs an order or statement holds: from its own concept, or the Medication it contains or refers to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain

from cds_service.chart.gather.references import resolved
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import Element
from cds_service.chart.r4.medicines import drug, medication
from cds_service.chart.read.sources import codings_of, displays_of, words_of
from cds_service.patient.facts import Ingredient
from cds_service.patient.terminology.drugs import ingredients
from cds_service.patient.terminology.systems import ATC, RXNORM, SNOMED_CT, normalise_system

_MOST = 20  # Medications one order may refer to, its ingredients counted


_KNOWN_SYSTEMS = frozenset((RXNORM, ATC, SNOMED_CT))


@dataclass(frozen=True, slots=True)
class Drug:
    """``text``: the client's words for it; ``texts``: all of them. ``forms``: dose forms.

    ``told``: enough was said to tell that it is no drug of ours, when it has no ingredients. ``lacking``:
    why nothing is known.
    """

    ingredients: tuple[Ingredient, ...] = ()
    text: str | None = None
    texts: tuple[str, ...] = ()
    forms: tuple[Element, ...] = ()
    told: bool = False
    lacking: str | None = None


def identified(order: Element, siblings: Mapping[str, Resource]) -> Drug:
    """The drug of a MedicationRequest or MedicationStatement."""
    coded, referred = drug(order)
    display = referred.get("display") if referred else None
    concepts = [coded] if coded else []
    forms: list[Element] = []
    lacking = None
    for resource in _referred(referred, order, siblings, set()):
        if resource is None:
            lacking = "reference-unresolved"
            continue
        held, _, own_forms = medication(resource)
        concepts += held
        forms += own_forms
    codings = [pair for one in concepts for pair in codings_of(one)]
    texts = tuple(dict.fromkeys([*chain.from_iterable(map(displays_of, concepts)), *([display] if display else [])]))
    told = bool(texts) or any(normalise_system(system) in _KNOWN_SYSTEMS for system, _ in codings)
    text = words_of(coded) or display or next(filter(None, map(words_of, concepts)), None)
    return Drug(ingredients(codings, texts), text, texts, tuple(forms), told, lacking)


def _referred(
    reference: Element | None, holder: Element, siblings: Mapping[str, Resource], seen: set[str]
) -> Iterator[Element | None]:
    """The Medication a reference means, and those of its ingredients, each once; None for one not in hand.

    No more than a few are followed: no medicine refers to more, and a chart made to refer without end may not.
    """
    if reference is None or "reference" not in reference or reference["reference"] in seen or len(seen) >= _MOST:
        return
    seen.add(reference["reference"])
    found = resolved(reference["reference"], holder, siblings)
    yield found
    if found is None:
        return
    inner_holder = holder if reference["reference"].startswith("#") else found
    for deeper in medication(found)[1]:
        yield from _referred(deeper, inner_holder, siblings, seen)
