"""The key of the hashes: a file of its own, kept apart from what it was used for."""

import os
import secrets
from hashlib import sha256
from pathlib import Path

from cds_service.errors import CallError

_BYTES = 32
_OWNER_ONLY = 0o600
_OTHERS = 0o077


def key_for(file: Path, output: Path) -> bytes:
    """The key in the file, made there when there is none. Raises CallError when it is no key, or lies in ``output``."""
    if file.resolve().is_relative_to(output.resolve()):
        message = f"{file}: the key must not lie with what it was used for; name a file outside {output}"
        raise CallError(message)
    try:
        if not file.exists():
            with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY), "w") as made:
                made.write(secrets.token_hex(_BYTES) + "\n")
        elif file.stat().st_mode & _OTHERS:
            message = f"{file}: others may read this key; chmod 600 it"
            raise CallError(message)
        key = bytes.fromhex(file.read_text(encoding="ascii"))
    except (OSError, ValueError) as error:
        message = f"{file}: is no key of ours and none can be made there ({error.__class__.__name__})"
        raise CallError(message) from None
    if len(key) != _BYTES:
        message = f"{file}: is no key of ours ({_BYTES} bytes as hexadecimal digits)"
        raise CallError(message)
    return key


def key_id(key: bytes) -> str:
    """What tells two keys apart without telling either."""
    return sha256(b"cds-service replay key" + key).hexdigest()[:12]
