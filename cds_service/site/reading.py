"""A site file read and checked whole: it is right, or the service does not start and every mistake is named."""

from hashlib import sha256
from pathlib import Path

from cds_service.documents.tables import Document
from cds_service.settings import Settings
from cds_service.site.choices import read_house, read_rules_off
from cds_service.site.concept_maps import read_concept_maps
from cds_service.site.mappings import Mappings, read_codes, read_names
from cds_service.site.site import NO_SITE, Site, put_in_force

_DIGITS = 12  # of the hash, hexadecimal


def in_force(settings: Settings) -> Site:
    """The site file that the settings name, put in force; NO_SITE where they name none.

    Raises ConfigurationError with a line for each mistake.
    """
    if settings.site is None:
        return NO_SITE
    site = load(Path(settings.site))
    put_in_force(site)
    return site


def load(path: Path) -> Site:
    """Read and check a site file with what it names. Raises ConfigurationError with a line for each mistake."""
    document = Document.read(path)
    top, found = document.top, Mappings()
    read_codes(top, found)
    read_names(top, found)
    beside = list(read_concept_maps(top, path.parent, found))
    rules_off, house = read_rules_off(top), read_house(top)
    top.done()
    document.insist()
    remarks = [remark for _, remark in beside]
    if found.known:
        remarks.append(f"{found.known} mappings say what is known without them, and can be taken out")
    digest = sha256(b"\0".join((document.text.encode(), *(one for one, _ in beside)))).hexdigest()[:_DIGITS]
    return Site(digest, path.name, found.additions, rules_off, house, found.reviews, tuple(remarks))
