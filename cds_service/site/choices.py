"""What a house chooses of rules and cards in its site file: rules off on a hook, reasons, suggestions and links."""

import re
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

from cds_service.cards.house import House, HouseLink, HouseReason
from cds_service.catalogue import CATALOGUE, RULES, TOPICS, wording
from cds_service.decision.nonadherence import Category
from cds_service.decision.suggestion_kinds import declared_kinds
from cds_service.documents.tables import Table, nearest
from cds_service.settings import LANGUAGES

MOST_LABEL = 80  # characters of a reason's display or a link's label
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
CATEGORIES = frozenset(category.value for category in Category)


def read_rules_off(top: Table) -> Mapping[str, frozenset[str]]:
    """[rules_off]: for a hook, the names of rules that are not asked on it."""
    table = top.table("rules_off")
    if table is None:
        return {}
    by_hook: dict[str, set[str]] = {}
    for service in CATALOGUE:
        by_hook.setdefault(service.hook, set()).update(rule.name for rule in service.rules)
    off = {}
    for hook, rules in by_hook.items():
        named = frozenset(table.texts(hook))
        for one in sorted(named - rules):
            if one in RULES:
                table.wrong(f'the rule "{one}" is not asked on {hook}', hook, table.place(hook, one))
            else:
                table.wrong(f'no rule is called "{one}"{nearest(one, rules)}', hook, table.place(hook, one))
        off[hook] = named
    table.done()
    return {hook: rules for hook, rules in off.items() if rules}


def read_house(top: Table) -> House:
    """[[override_reasons]], [[links]] and [left_out]."""
    ours = wording(LANGUAGES[0]).below("override")
    reasons, links = tuple(_reasons(top, ours)), tuple(_links(top))
    table = top.table("left_out")
    if table is None:
        return House(reasons, links)
    left_out = _known(table, "override_reasons", ours, "override reason")
    not_offered = _known(table, "suggestions", declared_kinds(), "suggestion")
    table.done()
    return House(reasons, links, left_out, not_offered)


def _reasons(top: Table, ours: frozenset[str]) -> Iterator[HouseReason]:
    codes: set[str] = set()
    for table in top.tables("override_reasons"):
        code, display = table.text("code"), _in_languages(table, "display")
        category, topics = table.text("category"), _known(table, "topics", TOPICS, "topic")
        table.done()
        if code is not None:
            if not _CODE.fullmatch(code):
                table.wrong("code must be a letter, then letters, digits, - or _, 64 at most", "code")
            elif code in ours or code in codes:
                table.wrong(f'"{code}" is a reason already; take another code', "code")
            codes.add(code)
        if category is not None and category not in CATEGORIES:
            table.wrong(
                f'"{category}" is no code of HL7\'s for such reasons{nearest(category, CATEGORIES)}', "category"
            )
        yield HouseReason(code or "", display, category or "", topics)


def _links(top: Table) -> Iterator[HouseLink]:
    for table in top.tables("links"):
        url, label = table.text("url", most=2000), _in_languages(table, "label")
        topics = _known(table, "topics", TOPICS, "topic")
        table.done()
        if url is not None and not _is_sound(url):
            table.wrong("url must be an https address without a user's name", "url")
        yield HouseLink(url or "", label, topics)


def _is_sound(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and " " not in url
    except ValueError:
        return False


def _in_languages(table: Table, key: str) -> Mapping[str, str]:
    """A text in each language of ours."""
    inner = table.table(key)
    if inner is None:
        if key not in table.content:
            table.wrong(f"{key} is missing: a text in each of {', '.join(LANGUAGES)}")
        return {}
    texts = {language: inner.text(language, most=MOST_LABEL) or "" for language in LANGUAGES}
    inner.done()
    return texts


def _known(table: Table, key: str, known: Iterable[str], what: str) -> frozenset[str]:
    """A list of words of ours."""
    words, named = frozenset(known), frozenset(table.texts(key))
    for one in sorted(named - words):
        table.wrong(f'no {what} is called "{one}"{nearest(one, words)}', key, table.place(key, one))
    return named
