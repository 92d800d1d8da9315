"""The key ring against a key server that is new, slow, wrong, gone or asked too often."""

import json
import threading
from typing import Any

import pytest

from cds_service.trust.issuers import Issuer
from cds_service.trust.key_set import MAX_BYTES, BadKeySetError, KeySet
from cds_service.trust.keys import COOL_DOWN, LIFETIME, LONGEST_OUTAGE, KeyRing
from cds_service.trust.refusals import RefusedError
from tests.trust.hospital import EPIC, EPIC_JKU, EPIC_KID, Keys, jwk

ISSUER = Issuer(EPIC, EPIC_JKU)


class KeyServer:
    """Serves ``content``; None is an outage. Counts how often it is asked."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.content: bytes | None = json.dumps({"keys": keys}).encode()
        self.asked = 0
        self.now = 1000.0

    def fetch(self, _: Issuer) -> bytes | None:
        self.asked += 1
        return self.content

    def clock(self) -> float:
        return self.now


@pytest.fixture
def server(keys: Keys) -> KeyServer:
    return KeyServer(jwk(keys.epic, EPIC_KID))


@pytest.fixture
def ring(server: KeyServer) -> KeyRing:
    return KeyRing(server.fetch, server.clock)


def refusal(ring: KeyRing, kid: str) -> str:
    try:
        ring.key(ISSUER, kid, "RS384")
    except RefusedError as error:
        return error.reason.value
    return "found"


def test_keys_are_kept_for_their_lifetime(server: KeyServer, ring: KeyRing) -> None:
    assert refusal(ring, EPIC_KID) == "found"
    server.now += LIFETIME - 1
    assert refusal(ring, EPIC_KID) == "found"
    assert server.asked == 1
    server.now += 1
    assert refusal(ring, EPIC_KID) == "found"
    assert server.asked == 2


def test_an_unknown_kid_asks_once_and_then_only_after_the_cool_down(
    keys: Keys, server: KeyServer, ring: KeyRing
) -> None:
    assert refusal(ring, EPIC_KID) == "found"
    server.content = json.dumps({"keys": [jwk(keys.attacker, "rotated")]}).encode()
    server.now += COOL_DOWN - 1
    assert refusal(ring, "rotated") == "unknown-key"
    assert server.asked == 1
    server.now += 1
    assert refusal(ring, "rotated") == "found"
    assert refusal(ring, EPIC_KID) == "unknown-key"  # no longer published, so no longer good
    assert [refusal(ring, f"guess-{n}") for n in range(50)] == ["unknown-key"] * 50
    assert server.asked == 2


def test_known_keys_are_good_through_an_outage_but_not_for_ever(server: KeyServer, ring: KeyRing) -> None:
    assert refusal(ring, EPIC_KID) == "found"
    server.content = None
    server.now += LONGEST_OUTAGE - 1
    assert refusal(ring, EPIC_KID) == "found"
    server.now += 1
    assert refusal(ring, EPIC_KID) == "keys-unavailable"


@pytest.mark.parametrize(
    "content",
    [
        None,
        b"",
        b"<html>maintenance</html>",
        b"[]",
        b'{"keys": {}}',
        b'{"keys": [1]}',
        b"{" * 5000,
        b'{"keys": [' + b"{}," * 100 + b"{}]}",
        b" " * (MAX_BYTES + 1),
    ],
)
def test_a_key_server_that_answers_rubbish_is_an_outage(
    content: bytes | None, server: KeyServer, ring: KeyRing
) -> None:
    good, server.content = server.content, content
    assert refusal(ring, EPIC_KID) == "keys-unavailable"
    assert refusal(ring, EPIC_KID) == "keys-unavailable"
    assert server.asked == 1
    server.content = good
    server.now += COOL_DOWN
    assert refusal(ring, EPIC_KID) == "found"
    server.content = content
    server.now += LIFETIME
    assert refusal(ring, EPIC_KID) == "found"
    assert server.asked == 3


def test_many_threads_ask_once(server: KeyServer) -> None:
    gate = threading.Event()

    def slow(issuer: Issuer) -> bytes | None:
        gate.wait(60)
        return server.fetch(issuer)

    ring = KeyRing(slow, server.clock)
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(refusal(ring, EPIC_KID))) for _ in range(8)]
    for thread in threads:
        thread.start()
    gate.set()
    for thread in threads:
        thread.join(60)
    assert found == ["found"] * 8
    assert server.asked == 1


def test_a_hundred_keys_are_read_and_one_more_is_not(keys: Keys) -> None:
    published = [jwk(keys.p384, f"k{n}") for n in range(100)]
    assert len(KeySet.from_json(json.dumps({"keys": published}).encode())) == 100
    with pytest.raises(BadKeySetError):
        KeySet.from_json(json.dumps({"keys": [*published, {}]}).encode())


def test_a_public_key_whose_private_twin_was_published_is_not_used(keys: Keys) -> None:
    public = jwk(keys.epic, EPIC_KID)
    with pytest.raises(RefusedError, match="not authenticated"):
        KeySet([public, public | {"d": "AQAB"}]).key(EPIC_KID, "RS384")
    assert KeySet([public, public | {"use": "enc"}]).key(EPIC_KID, "RS384").algorithm_name == "RS384"
