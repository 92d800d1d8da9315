"""One reason to think twice about quinine, and what it asks to be monitored."""

from dataclasses import dataclass
from enum import StrEnum

from cds_service.decision.phrases import Phrase
from cds_service.decision.recommendation import Because


class Monitor(StrEnum):
    """A test a hazard calls for, in the order they are offered."""

    ECG = "ecg"
    BLOOD_COUNT = "cbc"
    MAGNESIUM = "magnesium"
    POTASSIUM = "potassium"


class Rhythm(StrEnum):
    """What a hazard does to the heart's rhythm."""

    LOW = "low"  # an electrolyte that endangers it without quinine too, and can be corrected
    LONG = "long"  # a QT interval that is long without quinine too
    ADDS = "adds"  # a drug whose effect adds up


@dataclass(frozen=True, slots=True)
class Hazard:
    """One reason to think twice. ``name``: its few words in a summary; ``because``: the whole, with its source.

    ``label``: it is a contraindication on the label (▲), which speaks even against quinine for malaria.
    ``brief``: its name without a value; ``caused``: quinine itself may have been the cause of it; ``platelets``: it
    is that they are low, as is usual in malaria; ``no_trial``: where no trial of quinine may be described.
    """

    name: Phrase
    because: Because
    label: bool = False
    monitors: tuple[Monitor, ...] = ()
    rhythm: Rhythm | None = None
    brief: Phrase | None = None
    caused: bool = False
    platelets: bool = False
    no_trial: bool = False
