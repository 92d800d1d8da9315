"""The sources the recommendations rest on, each written once.

``finding`` is what the source found, in the words of ``texts/<language>/evidence.toml``; ``serves``
names the statements S1…S12 of the primary source (Alomedika 2025) that it weighs. Where the primary
source and a trial disagree, both are cited and the card says so. Certainty is GRADE's word where a
review gives one, else ours on the same scale.
"""

from cds_service.decision.phrases import text
from cds_service.decision.recommendation import Certainty, Evidence

SOURCE_URL = "https://www.alomedika.com/penyakit/kesehatan-olahraga/kram-otot-kaki/penatalaksanaan"
"""The page of the primary source: who speaks on the cards."""

_OWN_PAGES = {
    "alomedika_2025": SOURCE_URL,
    "fda_boxed_warning": "https://dailymed.nlm.nih.gov/dailymed/search.cfm?labeltype=human&query=quinine+sulfate",
    "mhra_quinine": "https://www.gov.uk/drug-safety-update/quinine-not-to-be-used-routinely-for-nocturnal-leg-cramps",
    "fda_gabapentin_2019": "https://www.fda.gov/drugs/drug-safety-and-availability/fda-warns-about-serious-breathing-problems-seizure-and-nerve-pain-medicines-gabapentin-neurontin",
    "nice_ng42": "https://www.nice.org.uk/guidance/ng42",
}


def _cite(citation: str, identifier: str, certainty: Certainty, finding: str, serves: str = "") -> Evidence:
    """Cite a source: ``citation`` ends in its year; ``serves`` is "S3 S4"; a doi or PMID gives its page."""
    kind, _, rest = identifier.partition(":")
    pages = {"doi": f"https://doi.org/{rest}", "PMID": f"https://pubmed.ncbi.nlm.nih.gov/{rest}/"}
    return Evidence(
        citation=citation,
        year=int(citation.rsplit(" ", 1)[-1]),
        identifier=identifier,
        certainty=certainty,
        finding=text(f"evidence.{finding}"),
        serves=tuple(serves.split()),
        url=_OWN_PAGES.get(finding) or pages.get(kind),
    )


# The primary source, and what it leans on
ALOMEDIKA_2025 = _cite(
    "Alomedika 2025",
    "Putra Rizki, Penatalaksanaan Kram Otot Kaki, 9 April 2025",
    Certainty.EXPERT,
    "alomedika_2025",
    "S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12",
)
JAHIC_2018 = _cite("Jahic & Begic 2018", "Mater Sociomed 2018;30", Certainty.VERY_LOW, "jahic_2018", "S5 S6 S7")
BORDONI_2020 = _cite("Bordoni, StatPearls 2020", "Muscle Cramps, StatPearls", Certainty.EXPERT, "bordoni_2020", "S8")

# Stretching
HAWKE_2021 = _cite(
    "Hawke, Cochrane 2021", "doi:10.1002/14651858.CD008496.pub3", Certainty.LOW, "hawke_2021", "S2 S3 S4"
)
HALLEGRAEFF_2012 = _cite("Hallegraeff 2012", "PMID:22341378", Certainty.LOW, "hallegraeff_2012", "S3")
COPPIN_2005 = _cite("Coppin 2005", "PMID:15808033", Certainty.LOW, "coppin_2005", "S3")
MILLER_2022 = _cite("Miller, J Athl Train 2022", "PMID:34185846", Certainty.LOW, "miller_2022", "S1 S3")

# Quinine
EL_TAWIL_2015 = _cite(
    "El-Tawil, Cochrane 2015",
    "doi:10.1002/14651858.CD005044.pub3",
    Certainty.LOW_TO_MODERATE,
    "el_tawil_2015",
    "S9",
)
FDA_BOXED_WARNING = _cite(
    "FDA boxed warning, quinine label 2019", "FDA quinine label", Certainty.MODERATE, "fda_boxed_warning", "S9"
)
FARDET_2017 = _cite("Fardet, JAMA 2017", "doi:10.1001/jama.2017.2332", Certainty.LOW, "fardet_2017", "S9")
AAN_2010 = _cite("AAN (Katzberg) 2010", "doi:10.1212/WNL.0b013e3181d0ccca", Certainty.GUIDELINE, "aan_2010", "S9 S11")
MHRA_QUININE = _cite(
    "UK MHRA, Drug Safety Update 2010",
    "MHRA Drug Safety Update, June 2010, updated November 2017",
    Certainty.GUIDELINE,
    "mhra_quinine",
    "S9",
)
AHA_2009 = _cite("AHA/ACCF/HRS 2009", "doi:10.1016/j.jacc.2008.12.014", Certainty.GUIDELINE, "aha_2009")
COPPIN_2005_STOPPING = _cite("Coppin 2005", "PMID:15808033", Certainty.MODERATE, "coppin_2005_stopping", "S9")

# Electrolytes and vitamins
GARRISON_2020 = _cite(
    "Garrison, Cochrane 2020", "doi:10.1002/14651858.CD009402.pub3", Certainty.MODERATE, "garrison_2020", "S10"
)
LUO_2020 = _cite("Luo, Cochrane 2020", "doi:10.1002/14651858.CD010655.pub3", Certainty.LOW, "luo_2020", "S10")
CHAN_1998 = _cite("Chan 1998", "J Clin Pharmacol 1998;38:1151", Certainty.VERY_LOW, "chan_1998", "S11")
CONNOLLY_1992 = _cite("Connolly 1992", "PMID:1520054", Certainty.LOW, "connolly_1992", "S11")
MILLER_2005 = _cite("Miller 2005", "PMID:15537682", Certainty.LOW, "miller_2005", "S11")

TAN_2024 = _cite(
    "Tan, JAMA Intern Med 2024", "doi:10.1001/jamainternmed.2024.5726", Certainty.VERY_LOW, "tan_2024", "S11"
)
BARNA_2021 = _cite("Barna, Nutr J 2021", "doi:10.1186/s12937-021-00747-9", Certainty.LOW, "barna_2021", "S10")

# ALS
BALDINGER_2012 = _cite(
    "Baldinger, Cochrane 2012", "doi:10.1002/14651858.CD004157.pub2", Certainty.VERY_LOW, "baldinger_2012", "S8"
)
FDA_GABAPENTIN_2019 = _cite(
    "FDA Drug Safety Communication 2019",
    "FDA Drug Safety Communication, gabapentinoids, 19 December 2019",
    Certainty.LABEL,
    "fda_gabapentin_2019",
    "S8",
)
WEISS_2016 = _cite("Weiss 2016", "PMID:26911633", Certainty.LOW_TO_MODERATE, "weiss_2016", "S8")
OSKARSSON_2018 = _cite("Oskarsson 2018", "doi:10.1002/mus.26117", Certainty.LOW_TO_MODERATE, "oskarsson_2018", "S8")
NICE_NG42 = _cite(
    "NICE NG42, motor neurone disease 2016",
    "NICE NG42",
    Certainty.GUIDELINE,
    "nice_ng42",
    "S8 S9",
)

# Botulinum toxin
PARK_2017 = _cite("Park 2017", "PMID:28209505", Certainty.LOW, "park_2017", "S12")
RESTIVO_2018 = _cite("Restivo 2018", "doi:10.1002/ana.25340", Certainty.LOW, "restivo_2018", "S12")

# Contributors and tests
GARRISON_2012 = _cite("Garrison 2012", "PMID:22157068", Certainty.LOW, "garrison_2012")
TAPPER_2022 = _cite("PICCLES, Tapper 2022", "doi:10.14309/ajg.0000000000001781", Certainty.LOW, "tapper_2022")
MANTILLA_MANOSALVA_2024 = _cite(
    "Mantilla-Manosalva 2024", "doi:10.1111/sdi.13223", Certainty.VERY_LOW, "mantilla_manosalva_2024"
)
ALLEN_KIRBY_2012 = _cite("Allen & Kirby 2012", "PMID:22963024", Certainty.EXPERT, "allen_kirby_2012", "S10")
