"""The packages whose folders ``valuesets/`` and ``names/`` are read: this one, and those a guideline adds."""

_packages = [__package__]
_closed: list[bool] = []


def extend(package: str) -> None:
    """Read the value sets and the names of problems and orders of this package too.

    To be called when a guideline is imported, before its rules ask for a concept of theirs. Raises
    RuntimeError when a code was looked up already: what comes later would never be found.
    """
    if _closed:
        message = f"{package} brings value sets too late: codes have been looked up already"
        raise RuntimeError(message)
    if package not in _packages:
        _packages.append(package)


def packages() -> tuple[str, ...]:
    """The packages, in the order they came."""
    return tuple(_packages)


def close() -> None:
    """From now on nothing can be added."""
    _closed[:] = [True]
