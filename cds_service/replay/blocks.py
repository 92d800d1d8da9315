"""Charts in a file, a block at a time: MessagePack of each patient's lines, packed with LZ4."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from struct import Struct

import msgspec
import pyarrow as pa

_CODEC = "lz4"
_SIZES = Struct("<QQ")  # of a block as it is, and packed
_encoder = msgspec.msgpack.Encoder()
_charts = msgspec.msgpack.Decoder(dict[str, list[bytes]])
_patients = msgspec.msgpack.Decoder(dict[str, msgspec.Raw])


def append(file: Path, charts: Mapping[str, Sequence[bytes]], buffer: bytearray) -> None:
    """Write one block to the end of the file. ``buffer``: whatever is in it, it is used for the packing."""
    _encoder.encode_into(charts, buffer)
    packed = pa.compress(buffer, _CODEC, asbytes=True)
    with file.open("ab") as opened:
        opened.write(_SIZES.pack(len(buffer), len(packed)) + packed)


def charts(file: Path) -> Iterator[dict[str, list[bytes]]]:
    """The blocks of the file: by patient, lines of the chart."""
    return map(_charts.decode, _blocks(file))


def patients(file: Path) -> Iterator[frozenset[str]]:
    """The patients of each block."""
    return (frozenset(_patients.decode(block)) for block in _blocks(file))


def _blocks(file: Path) -> Iterator[pa.Buffer]:
    with file.open("rb") as opened:
        while sizes := opened.read(_SIZES.size):
            size, packed = _SIZES.unpack(sizes)
            yield pa.decompress(opened.read(packed), size, _CODEC)
