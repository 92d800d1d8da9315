"""One resource received more than once, under several keys or on several pages, counts once."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from cds_service.chart.model import Resource


def once(resources: Iterable[Resource]) -> list[Resource]:
    """The resources (of one type) with each id once: of different versions, the newest. Without an id, all are kept."""
    versions: list[list[Resource]] = []
    places: dict[str, int] = {}
    for resource in resources:
        own = resource.get("id")
        if not isinstance(own, str):
            versions.append([resource])
        elif own in places:
            versions[places[own]].append(resource)
        else:
            places[own] = len(versions)
            versions.append([resource])
    return [newest(of_one) for of_one in versions]


def newest(versions: Sequence[Resource]) -> Resource:
    """The latest of the versions of one resource; of equally late ones always the same, in whichever order they come.

    Each is looked through once, however large another is: many versions cost no more than their size.
    """
    if len(versions) == 1:
        return versions[0]
    stamps = [_stamp(version) for version in versions]
    last = max(stamps)
    latest = [version for version, stamp in zip(versions, stamps, strict=True) if stamp == last]
    try:
        return latest[0] if all(version == latest[0] for version in latest[1:]) else max(latest, key=_written)
    except RecursionError:  # nested beyond all use
        return latest[0]


def _stamp(resource: Resource) -> tuple[str, str]:
    meta = resource.get("meta")
    stated: dict[str, Any] = meta if isinstance(meta, dict) else {}
    return str(stated.get("lastUpdated", "")), str(stated.get("versionId", "")).zfill(20)


def _written(resource: Resource) -> str:
    return json.dumps(dict(resource), sort_keys=True, default=str)
