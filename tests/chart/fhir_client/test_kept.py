"""Connections that are kept between rounds and calls: who may use one, for how long, and how many wait."""

import http.client
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cds_service.chart.model import Want
from cds_service.trust import kept as module
from cds_service.trust.kept import KEEP_SECONDS, MOST, MOST_OF_ONE, Connected, Kept
from cds_service.trust.outbound import Guard
from tests.faulty_server import Asked, FhirServer, Script, bundle, reply

Servers = Callable[..., FhirServer]
ONE = (Want("conditions", "Condition?patient=1"),)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def kept() -> Iterator[Kept]:
    """What is kept, and let go after the test."""
    made = Kept()
    yield made
    made.close()


def guard(kept: Kept, **more: Any) -> Guard:
    return Guard(**{"prefixes": None, "https_only": False, "loopback": True, "kept": kept, **more})


def found(_: Asked) -> Script:
    return [reply(bundle("c1", total=1))]


def test_the_next_round_and_the_next_call_of_a_client_use_its_connection(
    kept: Kept, servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(found)
    for _ in range(3):
        assert fetched(server.base, ONE, guard=guard(kept, client=("a", None))).receipts() == {"conditions": "received"}
    assert (server.connections, len(server.asked)) == (1, 3)


@pytest.mark.parametrize("other", [{"client": ("b", None)}, {"client": ("a", "site")}, {"private": True}])
def test_another_client_or_another_guard_makes_its_own(
    other: dict[str, Any], kept: Kept, servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(found)
    fetched(server.base, ONE, guard=guard(kept, client=("a", None)))
    fetched(server.base, ONE, guard=guard(kept, **{"client": ("a", None), **other}))
    assert server.connections == 2


def test_a_guard_that_no_longer_allows_the_server_uses_none(
    kept: Kept, servers: Servers, fetched: Callable[..., Any]
) -> None:
    server = servers(found)
    fetched(server.base, ONE, guard=guard(kept))
    assert fetched(server.base, ONE, guard=guard(kept, prefixes=())).receipts() == {"conditions": "unanswered"}
    assert len(server.asked) == 1


def test_one_that_waited_too_long_is_not_used(kept: Kept, servers: Servers, fetched: Callable[..., Any]) -> None:
    clock = Clock()
    server = servers(found)
    kept.clock = clock
    for wait in (0.0, KEEP_SECONDS, KEEP_SECONDS + 0.1):
        clock.now += wait
        fetched(server.base, ONE, guard=guard(kept))
    assert server.connections == 2


def test_one_that_the_server_closed_costs_no_answer(kept: Kept, servers: Servers, fetched: Callable[..., Any]) -> None:
    def once(_: Asked) -> Script:
        yield reply(bundle("c1", total=1))
        raise OSError  # ends the connection

    server = servers(once)
    for _ in range(3):
        assert fetched(server.base, ONE, guard=guard(kept)).receipts() == {"conditions": "received"}
    assert server.connections == 3


def test_one_that_broke_off_is_not_kept(kept: Kept, servers: Servers, fetched: Callable[..., Any]) -> None:
    whole = reply(bundle("c1", total=1))

    def broken_at_first(_: Asked) -> Script:
        if len(server.asked) > 1:
            return [whole]
        return broken()

    def broken() -> Script:
        yield whole[:-5]
        raise OSError  # ends the connection

    server = servers(broken_at_first)
    assert fetched(server.base, ONE, guard=guard(kept)).receipts() == {"conditions": "unanswered"}
    assert fetched(server.base, ONE, guard=guard(kept)).receipts() == {"conditions": "received"}
    assert server.connections == 2


@pytest.fixture
def pairs() -> Iterator[Callable[[], tuple[Connected, socket.socket]]]:
    """Makes connections to nobody, and the other end of each."""
    made: list[Any] = []

    def pair() -> tuple[Connected, socket.socket]:
        ours, theirs = socket.socketpair()
        connection = http.client.HTTPConnection("127.0.0.1")
        connection.sock = ours
        handle = ours.dup()
        handle.settimeout(0)
        made.extend((theirs, Connected(connection, handle)))
        return made[-1], theirs

    yield pair
    for one in made:
        one.close()


@pytest.mark.parametrize("what", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_one_that_is_closed_or_said_what_no_one_asked_is_ended(
    what: bytes, kept: Kept, pairs: Callable[[], tuple[Connected, socket.socket]]
) -> None:
    (first, _), (last, theirs) = pairs(), pairs()
    kept.put("k", first)
    kept.put("k", last)
    theirs.sendall(what) if what else theirs.close()
    assert kept.take("k") is first
    assert last.handle.fileno() == -1
    assert kept.take("k") is None
    first.close()


def test_no_more_wait_than_may(
    kept: Kept, pairs: Callable[[], tuple[Connected, socket.socket]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2 * MOST_OF_ONE)
    made = {name: [pairs()[0] for _ in range(MOST_OF_ONE + 1)] for name in "abc"}
    for name, all_of_one in made.items():
        for one in all_of_one:
            kept.put(name, one)
    still = {name: [one.handle.fileno() != -1 for one in ones] for name, ones in made.items()}
    assert still["a"] == [False] * (MOST_OF_ONE + 1)
    assert still["b"] == still["c"] == [False] + [True] * MOST_OF_ONE
    assert MOST >= MOST_OF_ONE
