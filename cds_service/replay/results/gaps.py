"""What of a chart's codes and words may be a gap in what the service knows; of what is coded alike worked out once."""

from collections.abc import Mapping
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


def gaps_of(prefetch: Mapping[str, Any]) -> Gaps:
    """The gaps of a replayed call. Raises InvalidRequestError for a code the parser refuses."""
    found = [of_code(kind, code) for kind, code in coded_of(prefetch) if code is not None]
    near, bare = (chain.from_iterable(told) for told in zip(*found, strict=True)) if found else ((), ())
    return Gaps(tuple(near), tuple(bare))


@lru_cache(maxsize=16384)
def of_code(kind: str, code: bytes) -> Gaps:
    """The gaps of one code of a resource of that type, as JSON. Raises as ``gaps_of``."""
    try:
        concept = msgspec.convert(parsed(code), Concept)
    except msgspec.ValidationError:  # of an odd shape
        return Gaps()
    return Gaps(tuple(near_misses(kind, concept)), tuple(bare_codes(kind, concept)))
