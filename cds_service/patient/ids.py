"""The form of a resource's id, as far as one from a client goes into a URL or back to it as a reference."""

import re
from typing import TypeGuard

_ID = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9._~:@+=-]{1,128}")


def is_id(value: object) -> TypeGuard[str]:
    """FHIR's ids (64 letters, digits, "-" and "."), and the longer ones and further signs some servers send.

    Nothing that ends a path or a query, encodes something else, or means more than itself in a search.
    """
    return isinstance(value, str) and _ID.fullmatch(value) is not None
