"""The rules of the benchmark on OpenFisca, over a whole registry (Parquet without empty cells, from generate.py).

usage: python openfisca_bench.py FILE [--rows N] [--json]

The country package is ../openfisca; all companies are one simulation, so each formula runs once over whole columns. The
best of two runs; reading the file and handing the columns over are not counted. OpenFisca computes with floating-point
numbers of 32 bits, so its total is not exact; how far it is from the control sum is printed. --rows takes the first N.
"""

import argparse
import importlib.metadata
import json
import pathlib
import resource
import sys
import time
from decimal import Decimal

import numpy as np
import pyarrow.parquet as pq

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "openfisca"))
import support_rules  # noqa: E402
from openfisca_core.simulations import SimulationBuilder  # noqa: E402

RUNS = 2
FORMULAS = 13  # as in duckdb_bench.py; the package has one more, for enterprises
YEAR = "2026"
CODES = {
    "city": support_rules.variables.City,
    "entity_type": support_rules.variables.Kind,
    "industry": support_rules.variables.Industry,
}
MEASURES = {
    "compute_voucher": "bench.compute-voucher",
    "model_voucher": "bench.model-voucher",
    "data_voucher": "bench.data-voucher",
    "rd_subsidy": "bench.rd-subsidy",
    "high_tech_reward": "bench.high-tech-reward",
    "growth_reward": "bench.growth-reward",
    "loan_interest_subsidy": "bench.loan-interest",
    "rent_subsidy": "bench.rent",
    "export_subsidy": "bench.export-premium",
    "patent_reward": "bench.patent-reward",
    "total": "bench.total",
}
MONEY = [
    "contract_amount", "model_spend", "data_spend", "revenue", "prev_revenue", "rd_spend", "loan_interest",
    "export_premium",
]


def columns(file: pathlib.Path, rows: int | None) -> dict[str, np.ndarray]:
    """The facts as OpenFisca takes them: codes as the index in its Enum, amounts in yuan."""
    registry = pq.read_table(file)
    if rows is not None:
        registry = registry.slice(0, rows)
    out = {}
    for name in registry.column_names[1:]:
        fact, column = name.removeprefix("org."), registry[name]
        if column.null_count:
            sys.exit(f"`{name}` has empty cells, which OpenFisca does not know")
        if fact in CODES:
            column = column.unify_dictionaries().combine_chunks()
            index = np.array([CODES[fact][code].index for code in column.dictionary.to_pylist()], dtype=np.uint8)
            out[fact] = index[column.indices.to_numpy()]
        elif fact in MONEY:
            out[fact] = (column.to_numpy() / 100).astype(np.float32)
        else:
            out[fact] = column.to_numpy()
    return out


def cpu() -> float:
    """Seconds of processor time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--rows", type=int)
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    if not options.file.is_file():
        sys.exit(f"{options.file} is not there; generate.py makes it")

    facts = columns(options.file, options.rows)
    rows = len(facts["city"])
    system = support_rules.CountryTaxBenefitSystem()
    walls, cpus = [], []
    for _ in range(RUNS):
        simulation = SimulationBuilder().build_default_simulation(system, rows)
        for name, values in facts.items():
            simulation.set_input(name, YEAR, values)
        cpu_before, wall_before = cpu(), time.perf_counter()
        simulation.calculate("total", YEAR)
        walls.append(time.perf_counter() - wall_before)
        cpus.append(cpu() - cpu_before)
    wall, used = min(walls), min(cpus)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024  # MB, of KB
    paid = {name: simulation.calculate(name, YEAR).astype(np.float64).sum() for name in MEASURES}
    sums = {MEASURES[name]: f"{amount:.4f}" for name, amount in paid.items()}

    whole = pq.read_metadata(options.file).num_rows == rows
    control = json.loads((HERE / "control.json").read_text(encoding="utf-8")).get(str(rows)) if whole else None
    off = None
    if control is None:
        print("no control sums for these companies", file=sys.stderr)
    else:
        exact = Decimal(control["exact"]["bench.total"])
        off = Decimal(sums["bench.total"]) - exact
        if abs(off) > exact / 100_000:
            sys.exit(f"the total is {off} yuan off, which is more than rounding")
    if options.json:
        figure = {
            "engine": "openfisca",
            "version": importlib.metadata.version("openfisca-core"),
            "rows": rows,
            "seconds_wall": round(wall, 6),
            "seconds_cpu": round(used, 6),
            "peak_mb": round(peak),
            "total_minus_exact": None if off is None else str(off),
            "sums": sums,
        }
        print(json.dumps(figure))
        return
    print(f"FIGURE openfisca_seconds {wall:.4f} s")
    print(f"FIGURE openfisca_cpu_seconds {used:.4f} s")
    print(f"FIGURE openfisca_ns_per_formula {used * 1e9 / rows / FORMULAS:.2f} ns")
    print(f"FIGURE openfisca_peak_memory {peak:.0f} MB")
    if off is not None:
        print(f"FIGURE openfisca_total_minus_exact {off} CNY")


if __name__ == "__main__":
    main()
