"""Figures as pictures: inline SVG for the page.

The SVG needs no style sheet and no address: it has no style attribute, no link but to its own glyphs,
so it is shown under the strictest Content-Security-Policy.
"""

import re
from collections.abc import Callable
from html import escape
from io import BytesIO
from threading import Lock
from typing import TYPE_CHECKING

from cds_service.report.plots import STYLE, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_ONE_AT_A_TIME = Lock()  # matplotlib's style is one for the whole process

_LEFT_OUT = re.compile(r"<metadata>.*?</metadata>|<style[^>]*>.*?</style>|<!--.*?-->", re.DOTALL)
_STYLE_ATTRIBUTE = re.compile(r'\sstyle="([^"]*)"')
_ID = re.compile(r"""(\sid="|href="#|url\(#)""")  # where an id is given or meant
_VIEW_BOX = re.compile(r'viewBox="[^"]*"')


def svg(draw: Callable[[View], "Figure"], view: View, title: str, description: str) -> str:
    """The figure as inline SVG, the same bytes for the same view; its ids begin with its function's name. ``description``: for who cannot see it."""
    name = draw.__name__
    picture = _saved(draw, view, name).decode()
    view_box = _VIEW_BOX.search(picture)
    start = picture.index(">", picture.index("<svg")) + 1
    inside = _STYLE_ATTRIBUTE.sub(lambda found: _as_attributes(found[1]), _LEFT_OUT.sub("", picture[start:]))
    inside = _ID.sub(rf"\1{name}-", inside)
    return (
        f'<svg {view_box[0] if view_box else ""} role="img" aria-labelledby="{name}-title {name}-text"'
        ' stroke-linejoin="round" stroke-linecap="butt">'
        f'<title id="{name}-title">{escape(title)}</title><desc id="{name}-text">{escape(description)}</desc>'
        f"{inside.strip()}"
    )


def _saved(draw: Callable[[View], "Figure"], view: View, name: str) -> bytes:
    import matplotlib as mpl  # noqa: PLC0415 - a second to load, for the report only

    nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
    buffer = BytesIO()
    # The salt keeps ids the same from run to run.
    with _ONE_AT_A_TIME, mpl.rc_context({**STYLE, "svg.hashsalt": name}):  # type: ignore[dict-item]
        draw(view).savefig(buffer, format="svg", metadata=nothing, facecolor="none")  # the paper is the page's
    return buffer.getvalue()


def _as_attributes(style: str) -> str:
    """SVG's style properties as presentation attributes, which no policy forbids."""
    pairs = (part.split(":", 1) for part in style.split(";") if ":" in part)
    return "".join(f' {name.strip()}="{value.strip()}"' for name, value in pairs)
