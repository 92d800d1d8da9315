"""One reason to think twice about quinine, and what it asks to be monitored."""

from dataclasses import dataclass
from enum import StrEnum

from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Because


class Monitor(StrEnum):
    """A test a hazard calls for."""

    ECG = "ecg"
    BLOOD_COUNT = "cbc"
    POTASSIUM = "potassium"
    MAGNESIUM = "magnesium"


@dataclass(frozen=True, slots=True)
class Hazard:
    """One reason to think twice. ``name``: its few words in a summary; ``because``: the whole, with its source.

    ``label``: it is a contraindication on the label (▲), which speaks even against quinine for malaria.
    """

    name: Phrase
    because: Because
    label: bool = False
    monitors: tuple[Monitor, ...] = ()
