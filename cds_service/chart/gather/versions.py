"""One resource received more than once, under several keys or on several pages, counts once."""

import json
from collections.abc import Iterable
from typing import Any

from cds_service.chart.model import Resource


def once(resources: Iterable[Resource]) -> list[Resource]:
    """The resources (of one type) with each id once: of different versions, the newest. Without an id, all are kept."""
    kept: list[Resource] = []
    places: dict[str, int] = {}
    for resource in resources:
        own = resource.get("id")
        if not isinstance(own, str) or own not in places:
            if isinstance(own, str):
                places[own] = len(kept)
            kept.append(resource)
        else:
            kept[places[own]] = newest(kept[places[own]], resource)
    return kept


def newest(one: Resource, other: Resource) -> Resource:
    """The later of two versions of a resource; undated, always the same of the two, in whichever order they come."""
    try:
        return one if one == other else max(one, other, key=_version)
    except RecursionError:  # nested beyond all use
        return one


def _version(resource: Resource) -> tuple[str, str, str]:
    meta = resource.get("meta")
    stated: dict[str, Any] = meta if isinstance(meta, dict) else {}
    number = str(stated.get("versionId", ""))
    return str(stated.get("lastUpdated", "")), number.zfill(20), json.dumps(resource, sort_keys=True, default=str)
