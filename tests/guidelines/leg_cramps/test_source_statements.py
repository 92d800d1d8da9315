"""Every statement of the primary source reaches a card, with evidence that weighs it."""

import orjson
import pytest

from cds_service import situations
from cds_service.catalogue import wording
from cds_service.guidelines.leg_cramps import GUIDELINE, citations
from cds_service.guidelines.leg_cramps.red_flags import rule as red_flags
from cds_service.settings import LANGUAGES
from tests.builders.facts import patient, problem
from tests.builders.said import advised, keys

SHOWN: dict[str, tuple[str, str, tuple[str, ...], tuple[str, ...]]] = {
    "S1": ("cramps-at-night", "StretchingFirst", ("hold 20 s", "Massage"), ("tahan 20 detik", "Pijat")),
    "S2": (
        *("cramps-at-night", "StretchingFirst"),
        ("stretching first", "splint", "Massage", "warmth", "Calf raises"),
        ("utamakan peregangan", "bidai", "Pijat", "kompres hangat", "Jinjit"),
    ),
    "S3": (
        *("cramps-at-night", "StretchingFirst"),
        ("leg straight, pull foot towards shin, hold 20 s", "Bedtime, 6 weeks:** stretch calf"),
        ("luruskan tungkai, tarik telapak kaki ke arah badan, tahan 20 detik", "Sebelum tidur, 6 minggu:** regangkan"),
    ),
    "S4": ("cramps-at-night", "StretchingFirst", ("Mild night cramps: splint",), ("Kram ringan: bidai",)),
    "S5": ("cramps-at-night", "StretchingFirst", ("Massage (ankle to knee)",), ("Pijat (ke arah lutut)",)),
    "S6": ("cramps-at-night", "StretchingFirst", ("warmth may help",), ("kompres hangat: dapat membantu",)),
    "S7": ("cramps-at-night", "StretchingFirst", ("Calf raises 8×, 2–3×/week",), ("Jinjit 8×, 2–3×/minggu",)),
    "S8": (
        *("cramps-at-night", "StretchingFirst"),
        ("Not first-line:** drugs (gabapentin: ALS adjunct only)",),
        ("Bukan lini pertama:** obat (gabapentin: hanya pendamping ALS)",),
    ),
    "S9": (
        *("cramps-at-night", "AvoidQuinine"),
        ("risks outweigh benefit", "tinnitus"),
        ("risiko melebihi manfaat", "tinitus"),
    ),
    "S10": (
        *("cramps-at-night", "StretchingFirst"),
        ("No electrolyte supplement treats cramps: only correct an imbalance",),
        ("Tidak ada suplemen tunggal yang mengobati kram: koreksi gangguan saja",),
    ),
    "S11": (
        *("cramps-at-night", "StretchingFirst"),
        ("Vitamins B, E (helped in some studies), K2: unproven",),
        ("Vitamin B, E (membantu pada beberapa studi), K2: belum terbukti",),
    ),
    "S12": (
        *("lumbar-stenosis-anticoagulant", "SpecialistOptions"),
        ("otulinum toxin", "lumbar stenosis"),
        ("oksin botulinum", "stenosis lumbal"),
    ),
}
"""Each statement: the situation, the card, and its words in both languages."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("statement", SHOWN)
def test_the_statement_stands_on_a_card_of_an_ordinary_situation(statement: str, language: str) -> None:
    name, topic, english, indonesian = SHOWN[statement]
    answer = orjson.loads(situations.response_file(situations.load(name), "patient-view").read_bytes())
    (card,) = [one for one in answer[language]["cards"] if one["source"]["topic"]["code"] == topic]
    said = (card["summary"] + "\n" + card["detail"]).casefold()
    assert [one for one in (english if language == "en" else indonesian) if one.casefold() not in said] == []


def test_no_statement_is_left_out() -> None:
    assert list(SHOWN) == [f"S{n}" for n in range(1, 13)]


@pytest.mark.parametrize("statement", [f"S{n}" for n in (*range(1, 9), 10, 11, 12)])
def test_the_statement_is_weighed_by_more_than_its_own_source(statement: str) -> None:
    weighing = {source for rule in GUIDELINE.rules for source in rule.evidence if statement in source.serves}
    assert weighing - {citations.ALOMEDIKA_2025}


def test_s9_is_weighed_by_the_citations_of_quinine() -> None:
    quinine = (citations.FDA_BOXED_WARNING, citations.EL_TAWIL_2015, citations.AAN_2010, citations.FARDET_2017)
    assert all("S9" in source.serves for source in quinine)


def test_every_rule_cites_with_a_finding_that_has_words() -> None:
    findings = {source.finding for rule in GUIDELINE.rules for source in rule.evidence}
    assert all(finding in wording(language) for finding in findings for language in LANGUAGES)
    cited = {f"evidence.{name.lower()}" for name in vars(citations) if name.isupper()}
    assert {finding.key for finding in findings if finding.key.startswith("evidence.")} <= cited


def test_the_red_flags_cite_their_review() -> None:
    advise = advised(red_flags.RULE.decide(patient(problem("cramp_leg"), problem("dvt"))))
    assert keys(advise.evidence) == {"red_flags.cited.allen_kirby", "evidence.allen_kirby_2012"}
