"""The analyte a result without a code may be of, by the words it goes by."""

import re

_NAMES = {
    "potassium": ("potassium", "kalium", "k"),
    "sodium": ("sodium", "natrium", "na"),
    "calcium_total": ("calcium", "kalsium", "ca"),
    "calcium_ionized": ("ionized calcium", "ionised calcium", "calcium ionized", "calcium ionised", "kalsium ion"),
    "calcium_albumin_corrected": ("corrected calcium", "adjusted calcium", "calcium corrected", "calcium adjusted"),
    "magnesium": ("magnesium", "mg"),
    "phosphate": ("phosphate", "phosphorus", "fosfat", "fosfor"),
    "albumin": ("albumin",),
    "creatinine": ("creatinine", "kreatinin"),
    "egfr": ("egfr", "gfr", "estimated gfr", "estimated glomerular filtration rate", "glomerular filtration rate"),
    "platelets": ("platelet", "platelets", "thrombocytes", "trombosit", "plt"),
    "qtc": ("qtc", "qtcb", "qtcf", "corrected qt"),
}
_ANALYTES = {name: analyte for analyte, names in _NAMES.items() for name in names}
_SPECIMEN_WORDS = """serum plasma blood venous arterial level levels lvl total count interval inorganic s p pl sr bld
    result test random darah kadar jumlah hitung nilai"""
_FILLERS = frozenset(_SPECIMEN_WORDS.split())
_WORD = re.compile(r"[^\W_]+")
_LONGEST = 80


def analyte_named(text: str) -> str | None:
    """The analyte the whole text names, specimen words aside ("Potassium Lvl"); None for "potassium, urine"."""
    if len(text) > _LONGEST:
        return None
    words = [word for word in _WORD.findall(text.lower()) if word not in _FILLERS]
    return _ANALYTES.get(" ".join(words))
