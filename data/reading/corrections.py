"""What a user says that cells are to be read as instead, applied before anything is judged."""

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc

from data.reading.grid import Table, is_blank, shown


def correct(table: Table, replacing: Mapping[str, Mapping[str, str]]) -> None:
    """Replace cells of a table by column and text; a cell replaced by nothing is empty."""
    for column in table.columns:
        wanted = replacing.get(column.name, {})
        if not wanted:
            continue
        if column.plain is not None:
            column.plain = _corrected(column.plain, wanted)
            continue
        column.uniques = [wanted.get(shown(cell).strip(), cell) for cell in column.uniques]
        empty = [at for at, cell in enumerate(column.uniques) if is_blank(cell)]
        for at in empty:
            column.codes[column.codes == at] = -1


def _corrected(values: pa.Array, wanted: Mapping[str, str]) -> pa.Array:
    if not pa.types.is_string(values.type):
        return values
    for old, new in wanted.items():
        values = pc.if_else(pc.equal(values, old), new or None, values)
    return values
