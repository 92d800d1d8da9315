"""A card's detail as HTML: Markdown without HTML, images or tables; links that give nothing away."""

from collections.abc import MutableMapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token
    from markdown_it.utils import OptionsDict


def as_html(markdown: str) -> str:
    """The HTML of a card's detail. Holds no tag, attribute or address that the Markdown did not ask for."""
    return str(_renderer().render(markdown))


@cache
def _renderer() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - for the demo only

    made = MarkdownIt("commonmark", {"html": False, "linkify": False})
    made.disable(["image", "html_block", "html_inline"])
    made.add_render_rule("link_open", _link_open)
    return made


def _link_open(
    renderer: "RendererHTML",
    tokens: "Sequence[Token]",
    index: int,
    options: "OptionsDict",
    env: MutableMapping[str, Any],
) -> str:
    token = tokens[index]
    if not str(token.attrs.get("href", "")).startswith(("https://", "http://")):
        token.attrs = {}  # a link to nowhere: only the web is linked
        return renderer.renderToken(tokens, index, options, env)
    token.attrSet("rel", "noopener noreferrer")
    token.attrSet("target", "_blank")
    return renderer.renderToken(tokens, index, options, env)
