"""Citations: the numbers of the clinical page, written once."""

import re

import pytest

from cds_service.catalogue import CATALOGUE, wording
from cds_service.decision.recommendation import Certainty, Evidence
from cds_service.guidelines.leg_cramps import citations

ALL = {name: value for name, value in vars(citations).items() if isinstance(value, Evidence)}
OF_RULES = {source.citation: source for service in CATALOGUE for rule in service.rules for source in rule.evidence}


@pytest.mark.parametrize("name", ALL)
def test_each_has_a_year_an_identifier_and_words(name: str) -> None:
    evidence = ALL[name]
    assert str(evidence.year) in evidence.citation
    assert evidence.identifier
    assert evidence.finding.key == f"evidence.{name.lower()}"
    assert all(re.fullmatch(r"S([1-9]|1[0-2])", statement) for statement in evidence.serves)
    assert evidence.url is None or evidence.url.startswith("https://")


@pytest.mark.parametrize("citation", OF_RULES)
def test_every_source_of_a_rule_has_its_year_and_words(citation: str) -> None:
    source = OF_RULES[citation]
    assert str(source.year) in citation
    assert source.finding in wording("en")


@pytest.mark.parametrize(
    ("name", "identifier", "certainty"),
    [
        ("HAWKE_2021", "doi:10.1002/14651858.CD008496.pub3", Certainty.LOW),
        ("HALLEGRAEFF_2012", "PMID:22341378", Certainty.LOW),
        ("COPPIN_2005", "PMID:15808033", Certainty.LOW),
        ("COPPIN_2005_STOPPING", "PMID:15808033", Certainty.MODERATE),
        ("MILLER_2022", "PMID:34185846", Certainty.LOW),
        ("EL_TAWIL_2015", "doi:10.1002/14651858.CD005044.pub3", Certainty.LOW_TO_MODERATE),
        ("GARRISON_2020", "doi:10.1002/14651858.CD009402.pub3", Certainty.MODERATE),
        ("LUO_2020", "doi:10.1002/14651858.CD010655.pub3", Certainty.LOW),
        ("CONNOLLY_1992", "PMID:1520054", Certainty.LOW),
        ("MILLER_2005", "PMID:15537682", Certainty.LOW),
        ("CHAN_1998", "J Clin Pharmacol 1998;38:1151", Certainty.VERY_LOW),
        ("BALDINGER_2012", "doi:10.1002/14651858.CD004157.pub2", Certainty.VERY_LOW),
        ("WEISS_2016", "PMID:26911633", Certainty.LOW_TO_MODERATE),
        ("OSKARSSON_2018", "doi:10.1002/mus.26117", Certainty.LOW_TO_MODERATE),
        ("PARK_2017", "PMID:28209505", Certainty.LOW),
        ("RESTIVO_2018", "doi:10.1002/ana.25340", Certainty.LOW),
        ("GARRISON_2012", "PMID:22157068", Certainty.LOW),
        ("ALLEN_KIRBY_2012", "PMID:22963024", Certainty.EXPERT),
        ("FDA_BOXED_WARNING", "FDA quinine label", Certainty.MODERATE),
    ],
)
def test_identifier_and_certainty(name: str, identifier: str, certainty: Certainty) -> None:
    assert (ALL[name].identifier, ALL[name].certainty) == (identifier, certainty)


@pytest.mark.parametrize(
    ("name", "english", "indonesian"),
    [
        ("HAWKE_2021", ("3 trials", "n=201", "50 and over", "6 weeks"), ("n=201", "50 tahun", "6 minggu")),
        ("HALLEGRAEFF_2012", ("n=80", "1.2"), ("n=80", "1,2")),
        ("EL_TAWIL_2015", ("2.5", "2 weeks"), ("2,5", "2 minggu")),
        ("FARDET_2017", ("1.24", "observational"), ("1,24", "observasional")),
        ("GARRISON_2020", ("−0.18", "−0.84 to 0.49"), ("−0,18", "−0,84 hingga 0,49")),
        ("CHAN_1998", ("n=28",), ("n=28",)),
        ("CONNOLLY_1992", ("800 IU", "n=27"), ("800 IU", "n=27")),
        ("MILLER_2005", ("400 IU",), ("400 IU",)),
        ("BALDINGER_2012", ("20 trials",), ("20 uji klinis",)),
        ("WEISS_2016", ("300 mg/day",), ("300 mg/hari",)),
        ("OSKARSSON_2018", ("300 mg/day",), ("300 mg/hari",)),
        ("PARK_2017", ("n=50", "643 mg/day", "open"), ("n=50", "643 mg/hari", "terbuka")),
        ("RESTIVO_2018", ("n=50", "double-blind"), ("n=50", "tersamar ganda")),
        ("MHRA_QUININE", ("4-week", "3 months"), ("4 minggu", "3 bulan")),
        ("AAN_2010", ("level A", "level C"), ("level A", "level C")),
    ],
)
def test_the_finding_has_its_numbers(name: str, english: tuple[str, ...], indonesian: tuple[str, ...]) -> None:
    for language, numbers in (("en", english), ("id", indonesian)):
        text = wording(language).text(ALL[name].finding)
        assert [number for number in numbers if number not in text] == []
