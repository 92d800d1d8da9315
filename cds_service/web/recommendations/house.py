"""What the site file in force changes, as the list of pages tells it, in one language."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sized

from cds_service.catalogue import OVERRIDE_REASONS, RULES, wording
from cds_service.decision.suggestion_kinds import declared_kinds
from cds_service.patient.terminology.additions import KINDS
from cds_service.site.site import Site
from cds_service.web.recommendations.words import words


def changes(site: Site, language: str) -> tuple[str, ...]:
    """A line for each: codes and names, medicines that are none of ours, rules off, reasons, suggestions, links, reviews. None without a site file."""
    return tuple(_changes(site, language))


def _changes(site: Site, language: str) -> Iterator[str]:
    said, own = wording(language), words(language)

    def line(of: str, what: str) -> str:
        return own.get("site", of).format(what=what)

    def each(of: str, texts: Iterable[str]) -> Iterator[str]:
        return (line(of, text) for text in texts)

    def mapped(of: Callable[[str], Sized]) -> list[str]:
        return [f"{own.get('site_kind', kind)} {len(of(kind))}" for kind in KINDS if of(kind)]

    def titles(rules: Collection[str]) -> str:
        return ", ".join(said.text(rule.title) for name, rule in RULES.items() if name in rules)

    for of, counts in (("codes", mapped(site.additions.codes_of)), ("names", mapped(site.additions.names_of))):
        if counts:
            yield line(of, ", ".join(counts))
    if others := site.additions.other_drugs:
        yield line("none_of_ours", str(len(others)))
    yield from each("off", (f"{own.get('hook', hook)}: {titles(rules)}" for hook, rules in site.rules_off.items()))
    house, kinds = site.house, declared_kinds()
    yield from each("reason_added", (reason.display[language] for reason in house.reasons))
    yield from each("reason_left_out", (said.text(OVERRIDE_REASONS[code].text) for code in sorted(house.left_out)))
    yield from each("not_offered", (said.say(kinds[kind].text) for kind in sorted(house.not_offered)))
    yield from each("link_added", (f"{link.label[language]} ({link.url})" for link in house.links))
    reviews = (f"{review.by}, {said.day(review.on)} ({number})" for review, number in site.reviewed.items())
    yield from each("reviewed", reviews)
