"""Which ids may go into a URL, or back to a client as a reference."""

from typing import Any

import pytest

from cds_service.patient.ids import is_id


@pytest.mark.parametrize("own", ["1", "a-b.c_d", "x" * 128, "a:b@c+d=e~f", "...", ".a", "a.."])
def test_ids(own: str) -> None:
    assert is_id(own)


@pytest.mark.parametrize(
    "own",
    [
        *("", ".", "..", "x" * 129, "a/b", "a?b", "a#b", "a%2fb", "a b", "a\n", "a|b", "a,b", "a$b", "a\\b", "é", "a*"),
        *(None, 7, True, ["a"], {}),
    ],
)
def test_what_is_none(own: Any) -> None:
    assert not is_id(own)
