"""What of a chart's codes and words may be a gap in what the service knows; of what is coded alike worked out once."""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from cds_service.protocol.spans import parsed
from cds_service.replay.results.bare_codes import bare_codes
from cds_service.replay.results.coded import Concept, Unusable, coded_of
from cds_service.replay.results.near import near_misses


class Gaps(NamedTuple):
    """``near``: words that nearly name a problem; ``bare``: codes that nothing tells the meaning of."""

    near: tuple[Unusable, ...] = ()
    bare: tuple[Unusable, ...] = ()


_NONE = Gaps()


def gaps_of(members: Iterable[Mapping[str, Any]]) -> Gaps:
    """The gaps of a replayed call's Bundles and resources. Raises InvalidRequestError for a code the parser refuses."""
    found = [told for one in coded_of(members) if (told := of_code(*one)) is not _NONE]
    if not found:
        return _NONE
    near, bare = (tuple(chain.from_iterable(told)) for told in zip(*found, strict=True))
    return Gaps(near, bare)


@lru_cache(maxsize=16384)
def of_code(kind: str, code: bytes | None) -> Gaps:
    """The gaps of one code of a resource of that type, as JSON. Raises as ``gaps_of``."""
    if code is None:
        return _NONE
    try:
        concept = msgspec.convert(parsed(code), Concept)
    except msgspec.ValidationError:  # of an odd shape
        return _NONE
    found = Gaps(tuple(near_misses(kind, concept)), tuple(bare_codes(kind, concept)))
    return found if any(found) else _NONE
