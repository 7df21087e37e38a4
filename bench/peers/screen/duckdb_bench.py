"""The rules of the benchmark as SQL on DuckDB, over a whole registry (Parquet, from generate.py).

usage: python duckdb_bench.py FILE [--from memory|parquet] [--form exact|to_the_fen] [--threads 2] [--json]

Written by hand in whole numbers (BIGINT): `exact` computes in hundredths of a fen and rounds nothing, `to_the_fen` rounds
each measure that a rate is part of to the nearest fen, half a fen up, before the total, as bench/rules do. From memory the
table is loaded first, with its codes as ENUM, which is not counted; from Parquet reading belongs to the query. The best of
three runs. Only the sums of the measures are asked for, so the query leaves out at once who is not supported. The sums
must be those of control.json where it has the number of companies and no cell is empty; otherwise the run fails.
"""

import argparse
import importlib.metadata
import json
import pathlib
import resource
import sys
import time

import duckdb

HERE = pathlib.Path(__file__).resolve().parent
RUNS = 3
FORMULAS = 13  # ten measures and their total, who is supported, what a start-up is
CODES = ["org.city", "org.entity_type", "org.industry"]


def measures(form: str) -> tuple[dict[str, str], str]:
    """The amount of each measure, and the total. Both are for companies that are supported."""

    def yuan(amount: int) -> str:
        return str(amount * (10_000 if form == "exact" else 100))

    def at_most(hundredths: str, cap: int) -> str:
        """An amount in hundredths of a fen, and its cap in yuan."""
        amount = f"({hundredths})" if form == "exact" else f"(({hundredths} + 50) // 100)"
        return f"least({amount}, {yuan(cap)})"

    def when(condition: str, amount: str) -> str:
        return f"CASE WHEN {condition} THEN {amount} ELSE 0 END"

    enterprise = "\"org.entity_type\" = 'enterprise'"
    spent, revenue, before, staff = '"org.rd_spend"', '"org.revenue"', '"org.prev_revenue"', '"org.staff"'
    slices = (  # 10 % of the first million yuan, 8 % of the next nine, 5 % above
        f"CASE WHEN {spent} <= 100000000 THEN 10 * {spent}"
        f" WHEN {spent} <= 1000000000 THEN 200000000 + 8 * {spent}"
        f" ELSE 3200000000 + 5 * {spent} END"
    )
    tiers = [
        (1_000_000_000, 110, 1_000_000),
        (100_000_000, 115, 500_000),
        (20_000_000, 120, 300_000),
        (5_000_000, 130, 100_000),
    ]
    growth = " ".join(
        f"WHEN {revenue} >= {least * 100} AND {revenue} * 100 >= {before} * {percent} THEN {yuan(reward)}"
        for least, percent, reward in tiers
    )
    compute_rate = "CASE WHEN startup THEN 60 ELSE 50 END"
    data_rate = "CASE WHEN \"org.industry\" IN ('ai', 'medical') THEN 40 ELSE 30 END"
    each = {
        "compute-voucher": when(
            '"org.contract_amount" > 0', at_most(f'({compute_rate}) * "org.contract_amount"', 10_000_000)
        ),
        "model-voucher": when(
            f'{enterprise} AND "org.model_spend" > 0', at_most('50 * "org.model_spend"', 2_000_000)
        ),
        "data-voucher": when('"org.data_spend" > 0', at_most(f'({data_rate}) * "org.data_spend"', 5_000_000)),
        "rd-subsidy": when(
            f"{enterprise} AND {revenue} > 0 AND {spent} * 100 >= 5 * {revenue}", at_most(f"({slices})", 8_000_000)
        ),
        "high-tech-reward": when(
            '"org.high_tech"', f"CASE WHEN {staff} < 300 THEN {yuan(200_000)} ELSE {yuan(300_000)} END"
        ),
        "growth-reward": when(f"{enterprise} AND {before} > 0", f"CASE {growth} ELSE 0 END"),
        "loan-interest": when(
            f'{staff} <= 300 AND {revenue} <= 40000000000 AND "org.loan_interest" > 0',
            at_most('50 * "org.loan_interest"', 1_000_000),
        ),
        "rent": when("startup", f'least("org.rent_area", 500)::BIGINT * {yuan(180)}'),
        "export-premium": when('"org.export_premium" > 0', at_most('30 * "org.export_premium"', 500_000)),
        "patent-reward": when('"org.patents" >= 5', f'least("org.patents", 50)::BIGINT * {yuan(10_000)}'),
    }
    each = {f"bench.{name}": f"CAST({amount} AS BIGINT)" for name, amount in each.items()}
    rewards = ["bench.high-tech-reward", "bench.growth-reward"]
    others = " + ".join(f'"{name}"' for name in each if name not in rewards)
    reward = ", ".join(f'"{name}"' for name in rewards)
    total = f"least({others} + greatest({reward}), {yuan(20_000_000)})"
    return each, total


def query(form: str, source: str) -> tuple[list[str], str]:
    """The ids of the measures, and the query for their sums."""
    each, total = measures(form)
    columns = ", ".join(f'{amount} AS "{name}"' for name, amount in each.items())
    base = (
        "\"org.city\" = 'shenzhen' AND \"org.entity_type\" IN ('enterprise', 'university', 'institute')"
        ' AND NOT "org.dishonest"'
    )
    ids = [*each, "bench.total"]
    sums = ", ".join(f'sum("{name}")' for name in ids)
    return ids, (
        f'WITH a AS (SELECT *, {base} AS base, "org.age_years" <= 5 AND "org.staff" <= 200 AS startup FROM {source}),'
        f" b AS (SELECT {columns} FROM a WHERE base),"
        f' c AS (SELECT *, {total} AS "bench.total" FROM b)'
        f" SELECT {sums} FROM c"
    )


def load(database: duckdb.DuckDBPyConnection, parquet: str) -> None:
    """The registry as the table `companies`, with its codes as ENUM."""
    for i, name in enumerate(CODES):
        database.execute(
            f'CREATE TYPE code{i} AS ENUM (SELECT DISTINCT "{name}"::VARCHAR FROM {parquet} WHERE "{name}" IS NOT NULL)'
        )
    codes = ", ".join(f'"{name}"::VARCHAR::code{i} AS "{name}"' for i, name in enumerate(CODES))
    database.execute(f"CREATE TABLE companies AS SELECT * REPLACE ({codes}) FROM {parquet}")


def cpu() -> float:
    """Seconds of processor time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def as_yuan(amount: int, form: str) -> str:
    decimals = 4 if form == "exact" else 2
    whole, rest = divmod(amount, 10**decimals)
    return f"{whole}.{rest:0{decimals}d}"


def check(sums: dict[str, str], rows: int, form: str, gaps: bool) -> None:
    control = json.loads((HERE / "control.json").read_text(encoding="utf-8")).get(str(rows))
    if control is None or gaps:
        print("no control sums for this file", file=sys.stderr)
        return
    wrong = {name: paid for name, paid in sums.items() if paid != control[form][name]}
    if wrong:
        sys.exit(f"these sums are not those of control.json: {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--from", dest="source", choices=["memory", "parquet"], default="memory")
    parser.add_argument("--form", choices=["exact", "to_the_fen"], default="exact")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        sys.exit(f"{options.file} is not there; generate.py makes it")

    database = duckdb.connect()
    database.execute(f"SET threads = {options.threads}")
    parquet = "read_parquet('{}')".format(str(options.file).replace("'", "''"))
    if options.source == "memory":
        load(database, parquet)
    ids, sql = query(options.form, "companies" if options.source == "memory" else parquet)
    walls, cpus = [], []
    for _ in range(RUNS):
        cpu_before, wall_before = cpu(), time.perf_counter()
        (found,) = database.execute(sql).fetchall()
        walls.append(time.perf_counter() - wall_before)
        cpus.append(cpu() - cpu_before)
    wall, used = min(walls), min(cpus)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB, of KB

    every_cell = ", ".join(f'count("{name}")' for (name, *_) in database.execute(f"DESCRIBE FROM {parquet}").fetchall())
    rows, *filled = database.execute(f"SELECT count(*), {every_cell} FROM {parquet}").fetchone()
    sums = {name: as_yuan(int(paid or 0), options.form) for name, paid in zip(ids, found)}
    check(sums, rows, options.form, gaps=any(count != rows for count in filled))

    engine = f"duckdb_{options.source}"
    if options.json:
        figure = {
            "engine": engine,
            "version": importlib.metadata.version("duckdb"),
            "rows": rows,
            "form": options.form,
            "threads": options.threads,
            "seconds_wall": round(wall, 6),
            "seconds_cpu": round(used, 6),
            "peak_mb": round(peak),
            "sums": sums,
        }
        print(json.dumps(figure))
        return
    print(f"FIGURE {engine}_seconds {wall:.4f} s")
    print(f"FIGURE {engine}_cpu_seconds {used:.4f} s")
    print(f"FIGURE {engine}_ns_per_formula {used * 1e9 / rows / FORMULAS:.2f} ns")
    print(f"FIGURE {engine}_peak_memory {peak:.0f} MB")


if __name__ == "__main__":
    main()
