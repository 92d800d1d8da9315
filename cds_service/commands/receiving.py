"""Where a request on the wire ends: enough of HTTP/1.1 to know when all of it has come, and no more.

What a request says is for gunicorn's strict parser, which gets the same bytes. Should the two ever disagree, its word
counts: a request it finds too short is refused, and what it finds left over is never taken for a request.
"""

import re

MOST_HEAD = 64 * 1024  # bytes; what is longer is handed over as it is, to be refused
_MOST_LINE = 8192  # of a chunk's size
_MOST_DIGITS = 20  # of a length
_CRLF = b"\r\n"
_END = b"\r\n\r\n"
_FRAMING = re.compile(rb"\r\n(content-length|transfer-encoding|expect)[ \t]*:[ \t]*([^\r\n]*)", re.IGNORECASE)
_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(?:;.*)?", re.DOTALL)


class Incoming:
    """One connection's bytes as they arrive, a request at a time. Each byte is looked at once, however they are cut.

    ``cap``: bytes of a body; what is longer is not waited for.
    """

    def __init__(self, cap: int) -> None:
        self._cap = cap
        self._bytes = bytearray()
        self._ended = False
        self._begin()

    def _begin(self) -> None:
        self._head = 0  # where the head ends, once that is known; the same of the others
        self._end = 0  # where the request ends
        self._chunk = 0  # where the first chunk begins that is not there yet
        self._hopeless = False
        self._looked = 0
        self.expects = False

    def __len__(self) -> int:
        return len(self._bytes)

    @property
    def begun(self) -> bool:
        """Whether anything of a request is there."""
        return bool(self._bytes)

    @property
    def headed(self) -> bool:
        """Whether the whole head is there."""
        return self._head > 0

    @property
    def whole(self) -> bool:
        """Whether the whole request is there."""
        return 0 < self._end <= len(self._bytes)

    @property
    def ready(self) -> bool:
        """Whether nothing is to be waited for: the request is whole, or what comes would not make it better."""
        return self.whole or self._hopeless or (self._ended and self.begun)

    @property
    def over(self) -> bool:
        """Whether the client has ended the connection, and nothing of a request is there."""
        return self._ended and not self.begun

    @property
    def path(self) -> bytes:
        """The path of the request line, or what stands in its place."""
        line = bytes(self._bytes[:MOST_HEAD]).lstrip(_CRLF).partition(_CRLF)[0]
        return line.split(b" ", 2)[1].partition(b"?")[0] if line.count(b" ") > 1 else b""

    def feed(self, data: bytes) -> None:
        """Take what has come; nothing means that the client sends no more."""
        if not data:
            self._ended = True
            return
        self._bytes += data
        self._look()

    def take(self) -> tuple[bytes, bytes]:
        """The request's head, and what came of its body; what came after it is kept as the next one's beginning."""
        end = self._end if self.whole else len(self._bytes)
        head = self._head or end
        taken = bytes(self._bytes[:head]), bytes(self._bytes[head:end])
        del self._bytes[:end]
        self._begin()
        if self._bytes:
            self._look()
        return taken

    def _look(self) -> None:
        if not self._head:
            self._look_for_the_heads_end()
        if self._chunk and not self._end and not self._hopeless:
            self._look_at_chunks()

    def _look_for_the_heads_end(self) -> None:
        start = max(self._looked, 2 if self._bytes.startswith(_CRLF) else 0)  # an empty line before it is allowed
        found = self._bytes.find(_END, max(0, start - 3))
        news = self._bytes[max(0, start - 1) : len(self._bytes) if found < 0 else found + 4]
        self._looked = len(self._bytes)
        if found >= 0 and found <= MOST_HEAD:
            self._head = found + len(_END)
            self._frame(bytes(self._bytes[: self._head]))
        elif found >= 0 or len(self._bytes) > MOST_HEAD or b"\n" in news.replace(_CRLF, b"").removeprefix(b"\n"):
            self._hopeless = True  # a line feed alone ends no line, so the head would never end

    def _frame(self, head: bytes) -> None:
        framing = [(name.lower(), value.strip()) for name, value in _FRAMING.findall(head)]
        coded = [value for name, value in framing if name == b"transfer-encoding"]
        lengths = {value for name, value in framing if name == b"content-length"}
        length = lengths.pop() if len(lengths) == 1 else b"0"
        if coded and coded[-1].lower().endswith(b"chunked"):
            self._chunk = self._head
        elif coded or not length.isdigit() or len(length) > _MOST_DIGITS:
            self._hopeless = True  # a coding or a length that is none
        else:
            self._end = self._head + int(length)
            self._hopeless = int(length) > self._cap
        expected = any(name == b"expect" and value.lower() == b"100-continue" for name, value in framing)
        self.expects = expected and not self.ready

    def _look_at_chunks(self) -> None:
        """Walk over the chunks that are there."""
        while self._chunk < len(self._bytes):
            line = self._bytes.find(_CRLF, self._chunk, self._chunk + _MOST_LINE)
            if line < 0:
                self._hopeless = len(self._bytes) - self._chunk > _MOST_LINE
                return
            size = _SIZE.fullmatch(self._bytes[self._chunk : line])
            if size is None or line - self._head + int(size[1], 16) > 2 * self._cap:  # sizes of chunks take room too
                self._hopeless = True
                return
            if int(size[1], 16) == 0:
                self._look_for_the_trailers_end(line)
                return
            self._chunk = line + int(size[1], 16) + 2 * len(_CRLF)

    def _look_for_the_trailers_end(self, line: int) -> None:
        """The last chunk's line ends at ``line``: an empty line follows, or trailers and then one."""
        found = self._bytes.find(_END, line, line + MOST_HEAD)
        if found >= 0:
            self._end = found + len(_END)
        else:
            self._hopeless = len(self._bytes) - line > MOST_HEAD
