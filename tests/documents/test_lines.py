"""On which line something stands, for every way TOML has of writing it."""

import pytest

from cds_service.documents import lines
from cds_service.documents.lines import Lines

TEXT = """\
# first
top = 1

[[codes]]
system = "one"
[codes.drugs]
"a.b" = "x" # [not a table]
c = { analyte = "y", unit = "z" }

[[codes]]
list = [
  "one", # ]
  "two",
]
words = \'\'\'
[[codes]]
\'\'\'
dotted.key = 2
[codes.drugs]
d = "w"
[cards.of."the house"]
e = 3
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (("codes", 0), 4),
        (("codes", 0, "system"), 5),
        (("codes", 0, "drugs"), 6),
        (("codes", 0, "drugs", "a.b"), 7),
        (("codes", 0, "drugs", "c", "unit"), 8),
        (("codes", 1), 10),
        (("codes", 1, "list"), 11),
        (("codes", 1, "list", 1), 13),
        (("codes", 1, "words"), 15),
        (("codes", 1, "dotted", "key"), 18),
        (("codes", 1, "drugs", "d"), 20),
        (("cards", "of", "the house", "e"), 22),
        (("codes", 1, "drugs", "not there"), 19),
        (("nowhere", "at all"), 1),
    ],
)
def test_the_line_of_a_path(path: tuple[str | int, ...], line: int) -> None:
    assert Lines(TEXT).of(path) == line


def test_a_long_list_is_looked_at_line_by_line_and_not_from_its_start_at_each(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    loads = lines.tomllib.loads
    monkeypatch.setattr(lines.tomllib, "loads", lambda text: read.append(len(text)) or loads(text))
    sizes = []
    for number in (1000, 2000):
        read.clear()
        text = "x = [\n" + "".join(f'  {{ a = "{place}" }},\n' for place in range(number)) + "]\ny = 1\n"
        assert Lines(text).of(("y",)) == number + 3
        sizes.append(sum(read))
    assert sizes[1] < 2.5 * sizes[0]
