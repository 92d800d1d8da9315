"""A leaflet as a PDF: one A4 page, vector figures, the standard fonts every reader has."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from io import BytesIO
from typing import cast

import segno
from fpdf import FPDF
from fpdf.enums import MethodReturnValue

from cds_service.web.leaflets.texts import Box, Leaflet, Part, figure, words

_INK, _CALM, _CARE, _ALARM, _GREY = (29, 43, 54), (20, 98, 107), (138, 71, 0), (163, 20, 42), (82, 97, 108)
_PAPER = {_CALM: (230, 241, 242), _CARE: (255, 244, 224), _ALARM: (253, 236, 238)}
_LEFT, _TOP, _WIDTH, _BOTTOM = 16.0, 14.0, 178.0, 262.0  # mm on A4; below _BOTTOM is the footer
_SCALES = (1.15, 1.1, 1.05, 1.0, 0.95, 0.9, 0.85, 0.8, 0.75)
_FIGURE_RATIO = 240 / 320
_MM_OF_A_POINT = 0.3528
_LINE = 1.28


@dataclass(frozen=True, slots=True)
class _Type:
    """How words look. ``size`` in points, before scaling."""

    size: float
    bold: bool = False
    colour: tuple[int, int, int] = _INK


_TITLE, _LEAD, _HEADING = _Type(22, bold=True, colour=_CALM), _Type(12.5), _Type(14, bold=True, colour=_CALM)
_BODY, _MARK = _Type(11.5), _Type(11.5, bold=True, colour=_CALM)


@lru_cache(maxsize=64)
def as_pdf(leaflet: Leaflet, address: str) -> bytes:
    """The PDF of the leaflet, in the largest type that keeps it on one page. ``address``: what its QR code says."""
    for scale in _SCALES:
        page = _Page(leaflet, scale)
        if page.draw() <= _BOTTOM:
            break
    page.footer(address)
    return bytes(page.pdf.output())


class _Page:
    """One attempt at the page, at one scale of type. Lengths are mm; methods that write return the y below it."""

    def __init__(self, leaflet: Leaflet, scale: float) -> None:
        self.leaflet = leaflet
        self.scale = scale
        self.pdf = FPDF(format="A4")
        self.pdf.core_fonts_encoding = "windows-1252"  # has the dashes and quotes that Latin-1 lacks
        self.pdf.set_auto_page_break(auto=False)
        self.pdf.c_margin = 0  # text starts where the figures do
        self.pdf.set_title(leaflet.title)
        self.pdf.set_lang(leaflet.language)
        self.pdf.set_creation_date(datetime(2025, 4, 9, tzinfo=UTC))  # so that the same leaflet is the same file
        self.pdf.add_page()

    def draw(self) -> float:
        """Draw all but the footer."""
        y = self._text(self.leaflet.title, _TITLE, _LEFT, _TOP, _WIDTH)
        y = self._text(self.leaflet.lead, _LEAD, _LEFT, y + 1.5, _WIDTH) + 4 * self.scale
        if self.leaflet.emergency is not None:
            y = self._box(self.leaflet.emergency, _ALARM, y) + 4 * self.scale
        y = self._sheet(y) if self.leaflet.layout == "sheet" else self._steps(y)
        if self.leaflet.note is not None:
            y = self._box(self.leaflet.note, _CALM, y + 1) + 2
        return self._box(self.leaflet.care, _CARE, y + 1)

    def footer(self, address: str) -> None:
        """Draw the QR code and the small print, always at the same place and size."""
        self.scale = 1.0
        said = words(self.leaflet.language)
        size, y = 22.0, 266.0
        self._qr_code(address, _LEFT + _WIDTH - size, y, size)
        small, link, width = _Type(9, colour=_GREY), _Type(9, colour=_CALM), _WIDTH - size - 8
        for line in (said["footer"], self.leaflet.basis, f"{said['scan']}:"):
            y = self._text(line, small, _LEFT, y, width) + 0.5
        self._text(address, link, _LEFT, y, width)

    def _steps(self, y: float) -> float:
        for part in self.leaflet.parts:
            y = self._beside(part, y) + 4 * self.scale
        return y

    def _beside(self, part: Part, y: float) -> float:
        """A part with its figure at the left, or over the whole width when it has none."""
        if part.figure is None:
            return self._words(part, _LEFT, y, _WIDTH)
        width = 66 * self.scale
        self._figure(part.figure, _LEFT, y, width)
        end = self._words(part, _LEFT + width + 6, y, _WIDTH - width - 6)
        return max(end, y + width * _FIGURE_RATIO)

    def _sheet(self, y: float) -> float:
        gap = 8.0
        width = (_WIDTH - gap) / 2
        for left, right in zip(self.leaflet.parts[::2], self.leaflet.parts[1::2], strict=True):
            y = max(self._above(left, _LEFT, y, width), self._above(right, _LEFT + width + gap, y, width)) + 3
        return y

    def _above(self, part: Part, x: float, y: float, width: float) -> float:
        """A part with its figure above its words."""
        tall = 28 * self.scale
        if part.figure:
            self._figure(part.figure, x, y, tall / _FIGURE_RATIO)
        return self._words(part, x, y + tall + 1, width)

    def _words(self, part: Part, x: float, y: float, width: float) -> float:
        y = self._text(part.heading, _HEADING, x, y, width) + 1
        for number, step in enumerate(part.steps, start=1):
            y = self._item(f"{number}.", step, x, y, width)
        for point in part.points:
            y = self._item("\u2022", point, x, y, width)
        return y

    def _item(self, mark: str, text: str, x: float, y: float, width: float) -> float:
        indent = 6.5 * self.scale
        self._text(mark, _MARK, x, y, indent)
        return self._text(text, _BODY, x + indent, y, width - indent) + 0.9 * self.scale

    def _box(self, box: Box, colour: tuple[int, int, int], y: float) -> float:
        """A box of points: its height is measured first, because its ground lies below its words."""
        heading, mark = _Type(13, bold=True, colour=colour), _Type(11.5, bold=True, colour=colour)
        x, width, top = _LEFT + 7, _WIDTH - 12, y + 3
        lines = [(box.heading, heading, x, 1.0)]
        lines += [(point, _BODY, x + 5, 0.9 * self.scale) for point in box.points]
        heights = [self._height(text, kind, width - (at - x)) + after for text, kind, at, after in lines]
        bottom = top + sum(heights) + 2
        self._ground(_PAPER[colour], y, bottom, _WIDTH)
        self._ground(colour, y, bottom, 1.6)
        for (text, kind, at, _), height in zip(lines, heights, strict=True):
            if at > x:
                self._text("\u2022", mark, x, top, 5)
            self._text(text, kind, at, top, width - (at - x))
            top += height
        return bottom

    def _ground(self, colour: tuple[int, int, int], y: float, bottom: float, width: float) -> None:
        self.pdf.set_fill_color(*colour)
        self.pdf.rect(_LEFT, y, width, bottom - y, style="F")

    def _qr_code(self, address: str, x: float, y: float, size: float) -> None:
        rows = tuple(segno.make(address, error="m", micro=False).matrix_iter(border=0))
        module = size / len(rows)
        self.pdf.set_fill_color(0, 0, 0)
        for row, modules in enumerate(rows):
            for column, dark in enumerate(modules):
                if dark:
                    self.pdf.rect(x + column * module, y + row * module, module, module, style="F")

    def _figure(self, name: str, x: float, y: float, width: float) -> None:
        self.pdf.image(BytesIO(figure(self.leaflet.topic, name).encode()), x=x, y=y, w=width)

    def _text(self, text: str, kind: _Type, x: float, y: float, width: float) -> float:
        """Write the text, broken into lines."""
        line = self._choose(kind)
        self.pdf.set_xy(x, y)
        self.pdf.multi_cell(width, line, text, align="L")
        return self.pdf.get_y()

    def _height(self, text: str, kind: _Type, width: float) -> float:
        """How tall the text would be."""
        line = self._choose(kind)
        lines = self.pdf.multi_cell(width, line, text, align="L", dry_run=True, output=MethodReturnValue.LINES)
        return line * len(cast("list[str]", lines))

    def _choose(self, kind: _Type) -> float:
        """Take up the type; the height of one of its lines."""
        points = kind.size * self.scale
        self.pdf.set_font("Helvetica", style="B" if kind.bold else "", size=points)
        self.pdf.set_text_color(*kind.colour)
        return points * _MM_OF_A_POINT * _LINE
