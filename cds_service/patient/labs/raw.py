"""Results as received: read from FHIR, their words and numbers not yet interpreted."""

from decimal import Decimal
from typing import NamedTuple

from cds_service.patient.moments import Moment


class RawQuantity(NamedTuple):
    """A number with its unit as received. ``code``/``system``: UCUM, when given; ``unit``: the text.

    ``otherwise``: what the same digits may mean too ("3,400": 3.4 or 3400), or None.
    """

    value: Decimal
    unit: str | None = None
    code: str | None = None
    system: str | None = None
    comparator: str | None = None
    otherwise: Decimal | None = None


class RawRange(NamedTuple):
    """One referenceRange as received. ``kind``: its type code; ``applies``: codes and texts of appliesTo."""

    low: RawQuantity | None
    high: RawQuantity | None
    kind: str | None = None
    applies: tuple[str, ...] = ()
    age_low_years: Decimal | None = None
    age_high_years: Decimal | None = None


class RawResult(NamedTuple):
    """One Observation (or component) of an analyte, read from FHIR but not yet interpreted.

    ``text_value``: a valueString ("4.0", "<0.5 mg/dL"). ``code_text``: the client's words for the test.
    ``unreadable``: the elements that could not be read, by their names. ``dated``: its time as received.
    ``by_site``: a site's map says what it is of; ``site_unit``: and in which unit, where it has none.
    """

    source: str
    analyte: str
    loinc: str | None
    status: str | None
    moment: Moment | None
    quantity: RawQuantity | None = None
    text_value: str | None = None
    absent_reason: bool = False
    flags: frozenset[str] = frozenset()
    ranges: tuple[RawRange, ...] = ()
    code_text: str | None = None
    unreadable: tuple[str, ...] = ()
    dated: str | None = None
    site_unit: str | None = None
    by_site: bool = False
