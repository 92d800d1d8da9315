"""Rows in Parquet, a file for each bucket, written whole or not at all: what a run that ended early goes on from."""

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from cds_service.replay.rows import LISTS, NAMES, NUMBERS, TRUTHS, Row

_TYPES = (
    dict.fromkeys(NUMBERS, pa.int32())
    | dict.fromkeys(TRUTHS, pa.bool_())
    | dict.fromkeys(LISTS, pa.list_(pa.string()))
    | {"date": pa.date32()}
)
SCHEMA = pa.schema([(name, _TYPES.get(name, pa.string())) for name in NAMES])


def part(folder: Path, bucket: int) -> Path:
    """The file of one bucket's rows."""
    return folder / f"{bucket:05}.parquet"


def write(file: Path, rows: Sequence[Row]) -> None:
    """Write the rows to the file, which is there only once it is whole."""
    unfinished = file.with_suffix(".unfinished")
    columns = [pa.array(map(attrgetter(one.name), rows), one.type) for one in SCHEMA]
    pq.write_table(pa.Table.from_arrays(columns, schema=SCHEMA), unfinished)
    unfinished.replace(file)
