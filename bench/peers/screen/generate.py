"""Made-up registries for the benchmark as Parquet, the same on every run.

usage: python generate.py ROWS FILE [--unknown PERCENT]

The draws are those of ../gen.py, for ROWS companies; a column is named by the fact that it holds (bench/rules). Amounts
are whole numbers of fen, the area whole square metres. With --unknown, each cell but those of `company_id` is empty with
that probability.
"""

import argparse
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import gen  # noqa: E402

SEED_UNKNOWN = 20260702
ROW_GROUP = 122_880
ORDER = [
    "city", "entity_type", "industry", "dishonest", "high_tech", "age_years", "staff", "contract_amount", "model_spend",
    "data_spend", "revenue", "prev_revenue", "rd_spend", "loan_interest", "rent_area", "export_premium", "patents",
]


def table(rows: int, unknown: float) -> pa.Table:
    """The registry; `unknown` is the share of empty cells."""
    columns = gen.companies(rows, gen.SEED)
    random = np.random.default_rng(SEED_UNKNOWN)
    out = {"company_id": pa.array(columns.pop("company_id"))}
    for name in ORDER:
        empty = random.random(rows) < unknown if unknown else None
        values = pa.array(columns.pop(name), mask=empty)
        if name in gen.CODES:
            values = pa.DictionaryArray.from_arrays(values, pa.array(gen.CODES[name]))
        out[f"org.{name}"] = values
    assert not columns, "a column of gen.py is not written"
    return pa.table(out)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("rows", type=int)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--unknown", type=float, default=0.0, metavar="PERCENT")
    options = parser.parse_args()
    if options.rows <= 0 or not 0 <= options.unknown <= 100:
        parser.error("ROWS must be positive, and PERCENT from 0 to 100")
    options.file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = options.file.with_name(options.file.name + ".new")
    pq.write_table(
        table(options.rows, options.unknown / 100), unfinished, compression="zstd", row_group_size=ROW_GROUP
    )
    unfinished.replace(options.file)


if __name__ == "__main__":
    main()
