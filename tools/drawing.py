"""The drawing of ARCHITECTURE.md, from the real imports: which part of ``cds_service`` stands on which."""

from collections.abc import Set as AbstractSet

import grimp

PACKAGE = "cds_service"
Arrow = tuple[str, str]


def arrows() -> frozenset[Arrow]:
    """(importer, imported) for the package's own parts, each a folder or a single module."""
    graph = grimp.build_graph(PACKAGE)
    inside = [module for module in graph.modules if "." in module]
    found = {
        (_part(module), _part(imported))
        for module in inside
        for imported in graph.find_modules_directly_imported_by(module)
        if "." in imported
    }
    return frozenset((above, below) for above, below in found if above != below)


def drawn(found: AbstractSet[Arrow]) -> frozenset[Arrow]:
    """The arrows that no chain of others stands for."""
    return frozenset(arrow for arrow in found if arrow[1] not in _below(arrow[0], found - {arrow}))


def drawing() -> str:
    """The arrows as Mermaid."""
    lines = [f"    {above} --> {below}" for above, below in sorted(drawn(arrows()))]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def _part(module: str) -> str:
    return module.split(".")[1].strip("_")


def _below(part: str, found: AbstractSet[Arrow]) -> set[str]:
    reached: set[str] = set()
    waiting = [part]
    while waiting:
        above = waiting.pop()
        for one, below in found:
            if one == above and below not in reached:
                reached.add(below)
                waiting.append(below)
    return reached
