"""What each rule says and shows, as digests beside its version: no card changes under the version it had.

``tests/rule_versions.json`` keeps, by rule, its version, a digest of what it says (the texts of its folder in both
languages, its evidence, its limits) and one of its own card in each situation; and of each situation the digest of its
request, so that a chart that changed, or is new, is not taken for a rule that did. ``make goldens`` renews the file, and
writes nothing while a rule changed under its version; a test asks the same, without git.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson

from cds_service import pipeline, situations
from cds_service.cards.compose import CardContext, compose
from cds_service.cards.wording import Wording
from cds_service.catalogue import CATALOGUE, GUIDELINES, wording
from cds_service.decision.recommendation import Decided, Evidence, Rule
from cds_service.protocol.answers import dump_cards
from cds_service.protocol.schemas import load_request
from cds_service.settings import LANGUAGES, Settings

ROOT = Path(__file__).parent.parent
FILE = ROOT / "tests" / "rule_versions.json"
SETTINGS = Settings(public_base_url="https://cds.example.org")
DIGITS = 12

TO_DO = f"""\
Reports compare what became of the cards by rule and version, so a changed card has a version of its own:
  1. put `version` of each of these rules up by one, and a line in CHANGELOG.md under "Clinical": before, after, why;
  2. make goldens.
Is that version yours and not yet committed? Then take back what this file says of it first:
     git restore --source HEAD {FILE.relative_to(ROOT)}
After a rebase with a conflict in it, take the file as it is on main, and do 2."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One rule: its version, the digest of what it says, and of its card by situation and hook (none where it is silent)."""

    version: str
    says: str
    cards: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """All of them. ``requests``: the digest of each situation's request, by situation and hook."""

    requests: Mapping[str, str]
    rules: Mapping[str, Kept]


def digest(value: object) -> str:
    """A short digest of what is plain data."""
    return sha256(orjson.dumps(value, option=orjson.OPT_SORT_KEYS)).hexdigest()[:DIGITS]


@cache
def current() -> Known:
    """What this source tree says and shows."""
    requests: dict[str, str] = {}
    cards: dict[str, dict[str, str]] = {}
    for situation in situations.load_all():
        for hook in situation.hooks:
            request = situations.request(situation, hook)
            name = f"{situation.name} {hook}"
            requests[name] = digest(request)
            for rule, card in _cards(situation, hook, request):
                cards.setdefault(rule, {})[name] = card
    rules = {rule.name: rule for guideline in GUIDELINES for rule in guideline.rules}
    return Known(
        requests,
        {name: Kept(rule.version, digest(list(_says(rule))), cards.get(name, {})) for name, rule in rules.items()},
    )


def _cards(situation: situations.Situation, hook: str, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Each rule that speaks, with the digest of its card by itself in every language, as if it spoke alone."""
    loaded = load_request(orjson.dumps(request))
    (service,) = (one for one in CATALOGUE if one.hook == hook)
    words = [wording(language) for language in LANGUAGES]
    answer = pipeline.answer(loaded, service, fetch=None, today=situation.day, words=words[0], settings=SETTINGS)
    context = CardContext(
        service.id, "", loaded.context.patient_id, SETTINGS.public_base_url, service.guideline.source, _by_reference
    )
    for decided in answer.decisions:
        shown = [_plain(decided, context, language) for language in words]
        if any(shown):
            yield decided.rule.name, digest(shown)


def _plain(decided: Decided, context: CardContext, words: Wording) -> list[Any]:
    """The card as plain data, without what only identifies it."""
    cards = [
        replace(card, uuid="", suggestions=tuple(replace(one, uuid="") for one in card.suggestions))
        for card in compose([decided], context, words)
    ]
    plain: list[Any] = orjson.loads(dump_cards(cards))["cards"]
    return plain


def _by_reference(reference: str) -> dict[str, str]:
    return {"resourceType": reference.partition("/")[0], "id": reference.partition("/")[2]}


def _says(rule: Rule) -> Iterator[Any]:
    """The texts of the rule's folder, its evidence and its limits."""
    for language in LANGUAGES:
        words = wording(language)
        own = words.files[rule.title.key.partition(".")[0]]
        yield {key: said for key, said in words.texts.items() if words.files[key.partition(".")[0]] == own}
        yield [[*_cited(one), words.text(one.finding)] for one in rule.evidence]
    yield [[limit.meaning.key, str(limit.value), str(limit.unit)] for limit in rule.limits]


def _cited(evidence: Evidence) -> tuple[str, ...]:
    return evidence.citation, evidence.identifier, evidence.certainty, evidence.url or ""


def written() -> Known:
    """What the file says."""
    if not FILE.is_file():
        return Known({}, {})
    found = json.loads(FILE.read_text(encoding="utf-8"))
    return Known(found["requests"], {name: Kept(**kept) for name, kept in found["rules"].items()})


def changed(before: Known, now: Known) -> list[str]:
    """A line for each rule that says or shows something else under the version it had: what of it changed."""
    return [
        f"{name} (version {kept.version}): {', '.join(different)} changed"
        for name, kept in now.rules.items()
        if name in before.rules
        and int(kept.version) <= int(before.rules[name].version)
        and (different := list(_different(before, now, name)))
    ]


def _different(before: Known, now: Known, name: str) -> Iterator[str]:
    old, new = before.rules[name], now.rules[name]
    if int(new.version) < int(old.version):
        yield f"the version, {old.version} before,"
    if new.says != old.says:
        yield "its texts, evidence or limits"
    alike = [one for one, request in now.requests.items() if before.requests.get(one) == request]
    cards = [one for one in alike if new.cards.get(one) != old.cards.get(one)]
    if cards:
        yield f"its card in {_few(cards)}"


def _few(names: list[str], most: int = 3) -> str:
    more = len(names) - most
    return "; ".join([*names[:most], f"{more} more"]) if more > 0 else "; ".join(names)


def refusal(lines: Iterable[str]) -> str:
    """What is said where a rule changed under its version; nothing where none did."""
    listed = "".join(f"  {line}\n" for line in lines)
    return f"A rule changed under the version it had:\n{listed}{TO_DO}\n" if listed else ""


def file_content(known: Known) -> str:
    """The file: by rule, a line for each situation, so that changes of different rules meet seldom."""
    rules = {name: {"version": k.version, "says": k.says, "cards": k.cards} for name, k in known.rules.items()}
    return json.dumps({"requests": known.requests, "rules": rules}, indent=1) + "\n"
