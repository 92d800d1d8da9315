"""Which drugs an order or statement holds: from its own concept, or the Medication it contains or refers to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import orjson

from cds_service.chart.gather.references import DRUG, INGREDIENT, References, is_inside
from cds_service.chart.model import Resource
from cds_service.chart.r4.elements import Element
from cds_service.chart.r4.medicines import drug, medication, stated_drug
from cds_service.chart.read.administration import route_of_concepts, route_of_texts
from cds_service.chart.read.sources import Coding, codings_of, displays_of, words_of
from cds_service.patient.facts import Ingredient, Route
from cds_service.patient.terminology.drugs import Recognised, held, is_another, recognised
from cds_service.patient.terminology.names import remembered
from cds_service.patient.terminology.systems import DRUG_SYSTEMS, normalise_system

_MOST = 20  # Medications one order may refer to, its ingredients counted


def _is_known(codings: Iterable[Coding]) -> bool:
    """Whether a code tells which drug it is, ours or not: of a system we know, or by a site's map."""
    return any(normalise_system(system) in DRUG_SYSTEMS for system, _ in codings) or is_another(codings)


@remembered
def _named(written: str) -> Recognised:
    """What codings and texts, as JSON, name."""
    codings, texts = orjson.loads(written)
    return recognised([(system, code) for system, code in codings], texts)


class _Part:
    """What one concept, or one Medication with its coded ingredients, says. A Medication's is made once in a call.

    ``names``: the drugs; ``text``: its words; ``told``: it says enough to tell whether it is a drug of ours;
    ``coded``: in a code, or beside one.
    ``refers``: references to further ingredients, each once.
    """

    def __init__(
        self, concepts: Sequence[Element], forms: Iterable[Element] = (), refers: tuple[str, ...] = ()
    ) -> None:
        codings = [pair for one in concepts for pair in codings_of(one)]
        self._texts = tuple(dict.fromkeys(words for one in concepts for words in displays_of(one)))
        self._forms = forms
        self.names = _named(str(orjson.dumps((codings, self._texts)), "utf-8"))
        self.text = next(filter(None, map(words_of, concepts)), None)
        self.coded = bool(codings)
        self.told = bool(self._texts) or _is_known(codings)
        self.refers = refers

    @cached_property
    def by_form(self) -> Route | None:
        """The route its dose form tells."""
        return route_of_concepts(self._forms)

    @cached_property
    def by_words(self) -> Route | None:
        """The route its words tell."""
        return route_of_texts(self._texts)


@dataclass(frozen=True, slots=True)
class Drug:
    """The drug of one order. ``text``: the client's words for it.

    ``told``: enough was said to tell that it is no drug of ours, when it has no ingredients; ``coded``: by a code,
    or beside one. ``lacking``: why nothing is known, where not enough was said. ``parts``: its own concept and the
    Medications it refers to. ``stated``: as the order states it, in R4.
    """

    ingredients: tuple[Ingredient, ...] = ()
    text: str | None = None
    told: bool = False
    coded: bool = False
    lacking: str = "no-code"
    parts: tuple[_Part, ...] = ()
    stated: Element = field(default_factory=dict)

    @property
    def route(self) -> Route | None:
        """What its dose form tells, else its words."""
        by_form = (part.by_form for part in self.parts)
        by_words = (part.by_words for part in self.parts)
        return next(filter(None, by_form), None) or next(filter(None, by_words), None)


class Drugs:
    """The drugs of one call's orders. What several of them refer to is read once."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._parts: dict[int, tuple[Resource, _Part]] = {}

    def of(self, order: Element) -> Drug:
        """The drug of a MedicationRequest or MedicationStatement."""
        coded, referred = drug(order)
        reference, display = (referred or {}).get("reference"), (referred or {}).get("display")
        parts = [_Part([coded])] if coded else []
        unresolved = False
        for resource in self._referred(reference, order, DRUG, set()):
            if resource is None:
                unresolved = True
            else:
                parts.append(self._held(resource))
        if display:
            parts.append(_Part([{"text": display}]))
        told, by_code = any(part.told for part in parts), any(part.coded for part in parts)
        lacking = "code-unknown" if by_code else "no-code"
        return Drug(
            held(tuple([part.names for part in parts])),
            words_of(coded) or display or next((part.text for part in parts if part.text), None),
            told,
            by_code,
            "reference-unresolved" if unresolved else lacking,
            tuple(parts),
            stated_drug(coded, referred),
        )

    def _held(self, resource: Resource) -> _Part:
        known = self._parts.get(id(resource))
        if known is None:
            concepts, refers, forms = medication(dict(resource))
            references = tuple(dict.fromkeys(one["reference"] for one in refers if "reference" in one))
            known = self._parts[id(resource)] = resource, _Part(concepts, forms, references)
        return known[1]

    def _referred(
        self, reference: str | None, holder: Resource, kinds: tuple[str, ...], seen: set[str]
    ) -> Iterator[Resource | None]:
        """The Medication a reference means, and those of its ingredients, each once; None for one not in hand.

        No more than a few are followed: no medicine refers to more, and a chart made to refer without end may not.
        """
        if reference is None or reference in seen:
            return
        seen.add(reference)
        found = self._references.resolved(reference, holder, kinds)
        yield found
        if found is None:
            return
        inner_holder = holder if is_inside(reference) else found
        for deeper in self._held(found).refers:
            if len(seen) >= _MOST:
                return
            yield from self._referred(deeper, inner_holder, INGREDIENT, seen)
