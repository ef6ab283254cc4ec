"""Write what is drawn of synthetic people as records: the tables of :mod:`pcn_analysis.tables`, in Parquet.

Records go to the files in blocks of people, so that memory holds one block. Identifiers begin with ``SYN-``,
and codes of general practice are our own words (code system ``local``): nothing here could be matched with anyone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pcn_analysis import tables
from pcn_analysis.synthetic.medicines import medicines
from pcn_analysis.synthetic.readings import UNITS

if TYPE_CHECKING:
    from pathlib import Path

    from pcn_analysis.schema import Table

PREFIX = "SYN"
KINDS = {
    "string": pa.string(), "category": pa.string(), "integer": pa.int64(), "number": pa.float64(),
    "boolean": pa.bool_(), "date": pa.date32(),
}  # fmt: skip


class Files:
    """Parquet files of one network's people, one a table, written block by block.

    Parameters
    ----------
    folder
        Where the files go.
    """

    def __init__(self, folder: Path):
        self.folder = folder
        self.writers: dict[str, pq.ParquetWriter] = {}
        self.rows = 0

    def __enter__(self) -> Files:
        return self

    def __exit__(self, *_: object) -> None:
        for writer in self.writers.values():
            writer.close()

    def write(self, table: Table, columns: dict[str, Any]) -> None:
        """Add a block of rows; a declared column that is not among those given is null.

        Parameters
        ----------
        table
            Which table.
        columns
            Arrays of one length by column name.
        """
        size = len(next(iter(columns.values())))
        schema = pa.schema([(column.name, KINDS[column.kind]) for column in table.columns])
        arrays = [
            _array(columns[field.name], field.type) if field.name in columns else pa.nulls(size, field.type)
            for field in schema
        ]
        if table.name not in self.writers:
            path = self.folder / f"{table.name}.parquet"
            self.writers[table.name] = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self.writers[table.name].write_table(pa.Table.from_arrays(arrays, schema=schema), row_group_size=1 << 20)
        self.rows += size


def _array(values: Any, kind: pa.DataType) -> pa.Array:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values.cast(kind) if values.type != kind else values
    if kind == pa.date32():
        return pa.array(np.asarray(values, dtype=np.int32)).view(pa.date32())
    return pa.array(values, type=kind, from_pandas=True)


def numbered(prefix: str, numbers: np.ndarray) -> pa.Array:
    """Identifiers: a prefix and a number of eight figures.

    Examples
    --------
    >>> numbered("SYN-U00001-", np.array([7])).to_pylist()
    ['SYN-U00001-00000007']
    """
    digits = pc.utf8_lpad(pa.array(numbers).cast(pa.string()), 8, "0")
    return pc.binary_join_element_wise(prefix, digits, "")


def words(choices: list[str], which: np.ndarray) -> pa.Array:
    """Words by their position in a list."""
    return pa.array(choices, pa.string()).take(pa.array(which))


def dated_or_null(days: np.ndarray, known: np.ndarray) -> pa.Array:
    """Dates where known, else null."""
    return pa.array(days.astype(np.int32), mask=~known).view(pa.date32())


def write_conditions(files: Files, ids: pa.Array, found: list[tuple[str, np.ndarray, np.ndarray, str]]) -> None:
    """Write coded conditions: condition, people (positions), days and status of each group of records."""
    sizes = [len(who) for _, who, _, _ in found]
    names, statuses = [name for name, *_ in found], [status for *_, status in found]
    which = np.repeat(np.arange(len(found)), sizes)
    condition = words(names, which)
    files.write(
        tables.CONDITIONS,
        {
            "person_id": ids.take(pa.array(np.concatenate([who for _, who, _, _ in found]))),
            "condition_start_date": np.concatenate([day for _, _, day, _ in found]),
            "code": condition,
            "code_system": pa.repeat("local", len(which)),
            "condition": condition,
            "status": words(statuses, which),
            "source": pa.repeat("gp", len(which)),
        },
    )


def write_diagnoses(files: Files, ids: pa.Array, found: dict[str, np.ndarray], visit_ids: pa.Array) -> None:
    """Write diagnoses of admissions: contact and person (positions), day, code and condition."""
    size = len(found["day"])
    files.write(
        tables.CONDITIONS,
        {
            "person_id": ids.take(pa.array(found["person"])),
            "condition_start_date": found["day"],
            "code": found["code"],
            "code_system": pa.repeat("icd10", size),
            "condition": found["condition"],
            "status": pa.repeat("active", size),
            "source": pa.repeat("apc", size),
            "visit_id": visit_ids.take(pa.array(found["contact"])),
        },
    )


def write_medications(files: Files, ids: pa.Array, found: dict[str, np.ndarray]) -> None:
    """Write issues of medicines: person, medicine (position in the list), day and days of supply."""
    codes, names = ([getattr(one, name) for one in medicines()] for name in ("bnf_code", "name"))
    size = len(found["day"])
    code = words([*codes, *ACUTE], found["medicine"])
    files.write(
        tables.MEDICATIONS,
        {
            "person_id": ids.take(pa.array(found["person"])),
            "drug_exposure_start_date": found["day"],
            "drug_exposure_end_date": found["day"] + found["days"] - 1,
            "days_supply": found["days"],
            "code": code,
            "code_system": pa.repeat("bnf", size),
            "bnf_code": code,
            "drug_name": words([*names, *ACUTE.values()], found["medicine"]),
            "repeat": found["medicine"] < len(codes),
        },
    )


ACUTE = {
    "0501013B0": "Amoxicillin", "0501011P0": "Phenoxymethylpenicillin", "0501030I0": "Doxycycline",
    "0501130R0": "Nitrofurantoin", "0501012G0": "Flucloxacillin", "0501050B0": "Clarithromycin",
}  # fmt: skip
"""Short courses that anyone may be given."""


def write_measurements(files: Files, ids: pa.Array, found: dict[str, np.ndarray]) -> None:
    """Write measurements: person, kind, day and value."""
    order = sorted(UNITS)
    which = np.searchsorted(order, found["kind"].astype(str))
    name = words(order, which)
    files.write(
        tables.MEASUREMENTS,
        {
            "person_id": ids.take(pa.array(found["person"])),
            "measurement_date": found["day"],
            "measurement": name,
            "code": name,
            "code_system": pa.repeat("local", len(which)),
            "value_as_number": found["value"],
            "operator": pa.repeat("=", len(which)),
            "unit": words([UNITS[one] for one in order], which),
        },
    )


def write_encounters(files: Files, ids: pa.Array, found: dict[str, np.ndarray], visit_ids: pa.Array) -> None:
    """Write contacts: person, kind, day, nights (negative where none apply), method, diagnosis and who was seen."""
    stayed = found["nights"] >= 0
    nights = np.maximum(found["nights"], 0)
    files.write(
        tables.ENCOUNTERS,
        {
            "visit_id": visit_ids,
            "person_id": ids.take(pa.array(found["person"])),
            "visit_type": found["kind"],
            "visit_start_date": found["day"],
            "visit_end_date": found["day"] + nights,
            "admission_method": found["method"],
            "length_of_stay_days": pa.array(nights, mask=~stayed),
            "primary_diagnosis": found["diagnosis"],
            "attended": found["attended"],
            "care_professional": found["professional"],
        },
    )
