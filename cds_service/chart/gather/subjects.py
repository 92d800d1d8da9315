"""Whose resource it is. Only a plain reference to somebody else keeps a resource out of the chart."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from urllib.parse import unquote

from cds_service.chart.model import Resource, Still, Watched, unhurried
from cds_service.patient.ids import is_id
from cds_service.protocol.spans import different, members

_URN = "urn:uuid:"
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
TYPED = re.compile(r"(?:.*/)?([A-Za-z]+)/([^/#?|]+)(?:/_history/[^/]*)?/?")


def reference_key(reference: str) -> str:
    """A reference as it is compared: "Type/id" for relative and absolute ones, any version left off."""
    found = TYPED.fullmatch(reference)
    return f"{found[1]}/{found[2]}" if found else reference


class Subjects:
    """Tells the patient's own resources from a stranger's, for one call."""

    def __init__(
        self,
        patient_id: str,
        ids_by_url: Callable[[], dict[str, str]],
        *,
        also: str | None = None,
        still: Still = unhurried,
    ) -> None:
        """``ids_by_url``: from the fullUrl of each Patient in hand to its id; only asked when a reference needs it.

        ``also``: another id of the same patient. ``still``: asked while resources are told apart.
        """
        self.still = still
        self.patient_id = patient_id
        self._ids_by_url = ids_by_url
        self._ids = (patient_id,) if also is None else (patient_id, also)
        self._own = {f"Patient/{one}" for one in self._ids}
        self._verdicts: dict[str, bool] = dict.fromkeys(self._own, True)
        self.strangers = 0

    def are_plainly_mine(self, resources: Sequence[Resource]) -> bool:
        """Whether all say that they are the patient's, and no two have one id: in one look at each, for most charts."""
        try:
            references = {subject["reference"] for subject in different(resources, "subject")}
            ids = set(members(resources, "id"))
        except (KeyError, TypeError):
            return False
        return len(ids) == len(resources) and None not in ids and references <= self._own

    def mine(self, resources: Iterable[Resource]) -> list[Resource]:
        """The resources that are the patient's, or nobody's in particular; the strangers' are counted."""
        kept, verdicts = [], self._verdicts
        for resource in Watched(resources, self.still):
            try:
                reference = (resource.get("subject") or resource.get("patient"))["reference"]  # type: ignore[index]
                verdict = verdicts[reference]
            except (KeyError, TypeError, AttributeError):
                verdict = self._judged(resource)
            if verdict:
                kept.append(resource)
            else:
                self.strangers += 1
        return kept

    def _judged(self, resource: Resource) -> bool:
        subject = resource.get("subject") or resource.get("patient")
        reference = subject.get("reference") if isinstance(subject, dict) else subject
        if not isinstance(reference, str) or not reference.strip():
            return True
        verdict = self._verdicts.get(reference)
        if verdict is None:
            verdict = self._verdicts[reference] = any(self._is(one, reference.strip()) for one in self._ids)
        return verdict

    @cached_property
    def _urls(self) -> dict[str, str]:
        return self._ids_by_url()

    def _is(self, patient_id: str, reference: str) -> bool:
        """False only for a reference that plainly names somebody or something else.

        An identifier ("Patient?identifier=urn:oid:1.2|9") and a urn without a UUID name nobody plainly.
        """
        kind, searched, _ = reference.partition("?")
        if searched:
            return kind.rpartition("/")[2].lower() == "patient"
        if reference.startswith("#"):
            return True
        if reference in self._urls:
            return self._urls[reference] in ("", patient_id)
        if reference.startswith("urn:"):
            bare = reference.removeprefix(_URN)
            return bare in (reference, patient_id) or not _UUID.fullmatch(patient_id)
        found = TYPED.fullmatch(reference)
        if found is None:
            return reference == patient_id or "/" in reference
        return found[1].lower() == "patient" and patient_id in (found[2], unquote(found[2]))


def named(resources: Iterable[Resource], urls: Mapping[str, str]) -> set[str]:
    """The ids of all patients that the resources plainly are or belong to.

    ``urls``: from the fullUrl of each Patient in hand to its id.
    """
    return {found for resource in resources if (found := _named(resource, urls))}


def _named(resource: Resource, urls: Mapping[str, str]) -> str | None:
    if resource["resourceType"] == "Patient":
        own = resource.get("id")
        return own if is_id(own) else None
    subject = resource.get("subject") or resource.get("patient")
    reference = subject.get("reference") if isinstance(subject, dict) else subject
    if not isinstance(reference, str):
        return None
    if reference in urls:
        return urls[reference]
    typed = TYPED.fullmatch(reference)
    if typed is None:
        bare = reference.removeprefix(_URN)
        return bare if is_id(bare) else None
    return typed[2] if typed[1].lower() == "patient" else None
