"""A word of malaria anywhere in a text, and what in its clause undoes it. The lists are the test's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.patient.facts import Match
from cds_service.patient.terminology.concepts import allergy_concepts, might_be_problem_name, problem_concepts
from cds_service.patient.terminology.mentions import CONCEPTS, mentioned

MENTIONED = "malaria_mentioned"
WORDS = (
    *("malaria", "falciparum", "falsiparum", "vivax", "vivaks", "malariae", "knowlesi", "plasmodium", "tertiana"),
    *("tersiana", "kuartana", "babesia", "babesiosis"),
)
NEAR = (
    *("prophylaxis", "prophylactic", "profilaksis", "negative", "negatif", "(-)", "[-]", "vaccine", "vaccination"),
    *("vaksin", "vaksinasi", "screening", "skrining", "excluded", "disingkirkan", "sembuh", "neg"),
)
BEFORE = (
    *("history of", "riwayat", "h/o", "H/O", "post", "pasca", "no", "not", "bukan", "tanpa", "endemic for", "endemis"),
    *("contact with", "kontak", "family with", "keluarga dengan"),
)
BEFORE_A_PROBLEM = ("rule out", "exclude", "singkirkan")
ANYWHERE = ("allergy to drugs for", "allergic to drugs for", "alergi obat", "adverse reaction,", "efek samping obat")
AROUND = ("severe", "berat", "suspected", "dd", "acute", "cerebral", "mixed", "demam", "oral", "III")
ENDS = (",", ";", ".", "/", " (", ")", "[", "]")

words = st.sampled_from(WORDS).flatmap(lambda word: st.sampled_from((word, word.upper(), word.capitalize())))
around = st.lists(st.sampled_from(AROUND), max_size=4).map(" ".join)
of_a_problem = st.booleans()


@given(before=around, word=words, after=around, of_a_problem=of_a_problem)
def test_any_word_of_it_anywhere_in_a_text_mentions_it(before: str, word: str, after: str, of_a_problem: bool) -> None:
    text = f"{before} {word} {after}"
    assert mentioned(MENTIONED, text, of_a_problem=of_a_problem)
    assert {"malaria", "babesiosis", MENTIONED} & problem_concepts((), text).keys()
    assert might_be_problem_name(text)


@given(before=around, word=words, after=around, sign=st.sampled_from(NEAR), between=st.sampled_from(("", " dan")))
def test_a_sign_within_two_words_on_either_side_undoes_it(
    before: str, word: str, after: str, sign: str, between: str
) -> None:
    assert not mentioned(MENTIONED, f"{before} {word}{between} {sign} {after}")
    if sign not in ("(-)", "[-]"):
        assert not mentioned(MENTIONED, f"{before} {sign}{between} {word} {after}")


@given(word=words, sign=st.sampled_from([one for one in NEAR if one not in ("(-)", "[-]")]))
def test_but_not_one_three_words_away(word: str, sign: str) -> None:
    assert mentioned(MENTIONED, f"{word} satu dua {sign}")
    assert mentioned(MENTIONED, f"{sign} satu dua {word}")


@given(before=around, word=words, between=around, sign=st.sampled_from(BEFORE))
def test_a_word_before_it_undoes_it_however_far(before: str, word: str, between: str, sign: str) -> None:
    assert not mentioned(MENTIONED, f"{before} {sign} {between} {word}")
    if "/" not in sign:
        assert mentioned(MENTIONED, f"{word} {between} {sign}")


@given(word=words, between=around, sign=st.sampled_from(BEFORE_A_PROBLEM))
def test_to_rule_it_out_undoes_it_on_a_problem_alone(word: str, between: str, sign: str) -> None:
    text = f"{sign} {between} {word}"
    assert mentioned(MENTIONED, text)
    assert not mentioned(MENTIONED, text, of_a_problem=True)
    assert mentioned(MENTIONED, f"{word} {between} {sign}", of_a_problem=True)


@given(word=words, sign=st.sampled_from(ANYWHERE), end=st.sampled_from(ENDS))
def test_an_allergy_or_adverse_effect_anywhere_undoes_it(word: str, sign: str, end: str) -> None:
    assert not mentioned(MENTIONED, f"{sign}{end} {word}")
    assert not mentioned(MENTIONED, f"{word}{end} {sign}")


@given(word=words, sign=st.sampled_from((*NEAR[:4], *BEFORE[:3])), end=st.sampled_from(ENDS))
def test_what_undoes_it_in_another_clause_does_not(word: str, sign: str, end: str) -> None:
    if sign != "h/o":
        assert mentioned(MENTIONED, f"{sign} dengue{end} {word}")


@pytest.mark.parametrize(
    ("text", "is_mentioned"),
    [
        ("Severe malaria - artesunate not available", True),
        ("Suspected malaria, smear pending", True),
        ("Demam, dd malaria", True),
        ("Malaria (+)", True),
        ("Malaria?", True),
        ("P. falciparum 2+", True),
        ("Plasmodium ovale", True),
        ("Ovale window", False),
        ("Kram tropika", False),
        ("Malaria vivax negatif, ovale (+)", True),
        ("Malaria (-)", False),
        ("Malaria (−)", False),
        ("Malaria [ - ]", False),
        ("Malaria -", False),
        ("Malaria – , demam", False),
        ("Malaria - berat", True),
        ("Malaria neg", False),
        ("Malaria: efek samping", False),
        ("DDR malaria: negatif", False),
        ("Malaria, no complications", True),
        ("Demam tanpa malaria", False),
        ("Malaria tanpa komplikasi", True),
        ("Dengue, NS1 negative, malaria", True),
        ("Antimalarial adverse reaction", False),
        ("Malarial fever", False),
        ("malaria: ruled out", True),  # only what is listed undoes it
        ("No artesunate for severe malaria", True),
        ("no artesunate: severe malaria", True),
        ("Artesunate not available for severe malaria", True),
        ("Artesunate is not available for severe malaria", True),
        ("Artesunat sedang tidak tersedia untuk malaria berat", True),
        ("Artesunate given, this is not severe malaria", False),
        ("Tanpa artesunat untuk malaria berat", True),
        ("ACT not in stock, malaria", True),
        ("Chloroquine not for malaria", False),
        ("Chloroquine no malaria", False),
        ("Chloroquine stopped as fever is not due to malaria", False),  # it is no drug that is denied
        ("No need of chloroquine as no malaria", False),
        ("No artesunate for malaria prophylaxis", False),
        ("Riwayat artesunat malaria", False),
        ("No fever no malaria", False),
        ("", False),
        ("x" * 2000 + " malaria", False),
    ],
)
def test_texts_as_they_are_written(text: str, is_mentioned: bool) -> None:
    assert mentioned(MENTIONED, text) is is_mentioned
    found = problem_concepts((), text)
    assert ("malaria" in found or found.get(MENTIONED) is Match.NAME) is is_mentioned


def test_a_mention_is_less_than_a_name_or_code() -> None:
    assert problem_concepts((), "Severe malaria, no artesunate") == {MENTIONED: Match.NAME}
    assert problem_concepts((), "Malaria") == {"malaria": Match.NAME}
    coded = problem_concepts([("http://snomed.info/sct", "53622003")], "Malaria, severe, relapse", ["Cerebral malaria"])
    assert coded == {"malaria": Match.CODE}
    assert problem_concepts((), "Blackwater fever pada malaria").keys() == {"blackwater_fever", MENTIONED}
    assert problem_concepts([("http://hl7.org/fhir/sid/icd-10", "O98.6")], "Malaria in pregnancy") == {
        MENTIONED: Match.NAME
    }


def test_nothing_is_mentioned_beside_a_code_or_display_about_something_else() -> None:
    contact = [("http://hl7.org/fhir/sid/icd-10", "Z20.8")]
    assert problem_concepts(contact, "Malaria di desa, demam") == {}
    pregnant = problem_concepts([("http://hl7.org/fhir/sid/icd-10", "Z34.9")], "Hamil, dd malaria")
    assert pregnant.keys() == {"pregnancy", MENTIONED}
    assert problem_concepts([("http://x", "1")], "Malaria di desa, demam", ["Family history"]) == {}


def test_an_allergy_mentions_nothing() -> None:
    assert allergy_concepts((), ["Quinine, given for malaria"]).keys() == {"quinine"}


def test_what_may_be_mentioned_is_a_problem_with_a_name() -> None:
    assert CONCEPTS == (MENTIONED,)
