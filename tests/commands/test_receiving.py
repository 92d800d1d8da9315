"""Where a request ends, however its bytes come; and that none is looked at again and again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cds_service.commands import receiving
from cds_service.commands.receiving import MOST_HEAD, Incoming

CAP = 1000
GET = b"GET /livez?x=1 HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST /a HTTP/1.1\r\ncontent-LENGTH: 5\r\n\r\n12345"
CHUNKED = b"POST /a HTTP/1.1\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
REQUESTS = (
    GET,
    b"\r\n" + GET,
    POST,
    b"POST /a HTTP/1.1\r\nContent-Length: 0005\r\nContent-Length: 0005\r\n\r\n12345",
    CHUNKED + b"0\r\n\r\n",
    CHUNKED + b'3\r\nabc\r\n0A ;x="y"\r\n0123456789\r\n0\r\n\r\n',
    CHUNKED + b"3\r\n\r\n\r\r\n0\r\nTrailer: x\r\n\r\n",
)


def fed(*parts: bytes, cap: int = CAP) -> Incoming:
    incoming = Incoming(cap)
    for part in parts:
        incoming.feed(part)
    return incoming


@given(st.lists(st.sampled_from(REQUESTS), min_size=1, max_size=4), st.data())
def test_however_a_stream_is_cut_the_same_requests_come(requests: list[bytes], data: st.DataObject) -> None:
    stream = b"".join(requests)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=12)))
    incoming, taken = Incoming(CAP), list[bytes]()
    for start, end in zip([0, *cuts], [*cuts, len(stream)], strict=True):
        if start == end:
            continue
        incoming.feed(stream[start:end])
        while incoming.whole:
            taken.append(b"".join(incoming.take()))
    assert taken == requests
    assert not incoming.begun
    assert not incoming.ready


@pytest.mark.parametrize("request_", REQUESTS)
def test_nothing_is_handed_over_before_the_last_byte(request_: bytes) -> None:
    incoming = Incoming(CAP)
    for place in range(len(request_)):
        assert not incoming.ready
        assert incoming.begun == (place > 0)
        incoming.feed(request_[place : place + 1])
    assert incoming.whole
    head, body = incoming.take()
    assert head.endswith(b"\r\n\r\n")
    assert head + body == request_


def test_a_probe_is_known_by_its_path() -> None:
    assert fed(GET).path == fed(b"\r\n" + GET).path == b"/livez"
    assert fed(b"nonsense\r\n\r\n").path == b""


@pytest.mark.parametrize(
    "stream",
    [
        b"POST / HTTP/1.1\r\nContent-Length: 1001\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: nonsense\r\n\r\n",
        CHUNKED + b"x\r\n",
        CHUNKED + b"-1\r\n",
        CHUNKED + b"7d1\r\n",
        CHUNKED + b"1" + b";" * 9000,
        CHUNKED + b"0\r\n" + b"A" * (MOST_HEAD + 9),
        b"GET / HTTP/1.1\n\n",
        b"GET / HTTP/1.1\r\nA: b\n",
        b"A" * (MOST_HEAD + 1),
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 11_000 + b"\r\n",
    ],
)
def test_what_waiting_does_not_mend_is_handed_over_as_it_is(stream: bytes) -> None:
    whole, dripping = fed(stream), fed(*(stream[place : place + 1] for place in range(len(stream))))
    for incoming in (whole, dripping):
        assert incoming.ready
        assert not incoming.whole
        assert b"".join(incoming.take()) == stream


def test_a_length_of_the_cap_is_waited_for() -> None:
    assert not fed(b"POST / HTTP/1.1\r\nContent-Length: 1000\r\n\r\n").ready
    assert not fed(CHUNKED + b"3e8\r\n").ready


def test_of_two_lengths_neither_is_believed() -> None:
    """Gunicorn refuses such a head, so nothing of a body is waited for."""
    incoming = fed(b"POST / HTTP/1.1\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\n")
    assert incoming.whole


def test_a_client_that_ends_is_answered_for_what_it_sent() -> None:
    assert fed(b"").over
    cut = fed(POST[:-2], b"")
    assert cut.ready
    assert not cut.whole
    assert cut.take() == (POST[:-5], POST[-5:-2])
    assert cut.over


def test_who_waits_to_be_told_to_go_on() -> None:
    head = b"POST / HTTP/1.1\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
    assert fed(head).expects
    assert not fed(head + b"12345").expects
    assert not fed(head.replace(b": 5", b": 1001")).expects
    assert not fed(POST).expects


@pytest.mark.parametrize("build", [lambda n: b"A: b\r\n" * n, lambda n: b"x" * n], ids=["lines", "one-line"])
def test_a_dripping_head_is_not_searched_from_its_beginning(monkeypatch: pytest.MonkeyPatch, build: "object") -> None:
    """Bytes looked at for the end of a head that comes a byte at a time grow with its length, not its square."""

    class Counted(bytearray):
        looked = 0

        def find(self, what: bytes, start: int = 0) -> int:  # type: ignore[override]
            Counted.looked += len(self) - start
            return super().find(what, start)

    monkeypatch.setattr(receiving, "bytearray", Counted, raising=False)
    costs = []
    for number in (500, 1000):
        Counted.looked = 0
        stream = b"GET / HTTP/1.1\r\n" + build(number)  # type: ignore[operator]
        fed(*(stream[place : place + 1] for place in range(len(stream))))
        costs.append(Counted.looked / len(stream))
    assert costs[1] <= costs[0] * 1.1
