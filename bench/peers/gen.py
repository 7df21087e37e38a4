"""Made-up companies for the benchmark, the same on every run.

usage: python gen.py [ROWS] [FILE]    (20000, data/sample.jsonl)

Writes the first ROWS of 100,000 companies, one JSON object a line. Amounts are whole numbers of fen (a hundredth of a
yuan), so that nothing is lost on the way; the engines that want yuan divide by 100 themselves.
"""

import json
import pathlib
import sys

import numpy as np

COMPANIES = 100_000  # columns are drawn whole, so their length decides every value after the first column
SEED = 20260701
CITIES = [
    "shenzhen", "guangzhou", "beijing", "shanghai", "hangzhou", "suzhou", "chengdu", "wuhan",
    "xian", "nanjing", "dongguan", "foshan", "hefei", "tianjin", "chongqing", "changsha",
]
TYPES = ["enterprise", "university", "institute", "association", "sole_trader"]
INDUSTRIES = [
    "ai", "medical", "semiconductor", "software", "robotics", "biotech",
    "energy", "materials", "logistics", "retail", "construction", "other",
]
CODES = {"city": CITIES, "entity_type": TYPES, "industry": INDUSTRIES}


def companies(n: int, seed: int) -> dict[str, np.ndarray]:
    """The columns of n companies: codes as their index, amounts in fen."""
    random = np.random.default_rng(seed)

    def money(share_without: float, mu: float, sigma: float, cap: float = 2e10) -> np.ndarray:
        without = random.random(n) < share_without
        yuan = np.minimum(np.exp(random.normal(mu, sigma, n)), cap)
        fen = (yuan * 100).astype(np.int64)
        fen[without] = 0
        return fen

    c = {"company_id": np.arange(n, dtype=np.int64)}
    c["city"] = np.where(random.random(n) < 0.35, 0, random.integers(1, 16, n)).astype(np.int8)
    c["entity_type"] = random.choice(5, n, p=[0.80, 0.03, 0.05, 0.07, 0.05]).astype(np.int8)
    c["industry"] = random.integers(0, 12, n).astype(np.int8)
    c["dishonest"] = random.random(n) < 0.02
    c["high_tech"] = random.random(n) < 0.08
    c["age_years"] = np.minimum(random.exponential(8, n), 60).astype(np.int32)
    c["staff"] = np.minimum(np.exp(random.normal(3, 1.3, n)), 50000).astype(np.int32)
    c["contract_amount"] = money(0.40, 12.5, 2.0)
    c["model_spend"] = money(0.80, 11.5, 1.6)
    c["data_spend"] = money(0.80, 12.0, 1.8)
    c["revenue"] = money(0.05, 15.5, 1.8, 5e11)
    growth = np.exp(random.normal(0.05, 0.35, n))
    c["prev_revenue"] = (c["revenue"] / growth).astype(np.int64)
    share = np.where(random.random(n) < 0.5, 0, random.beta(1.2, 12, n))
    c["rd_spend"] = (c["revenue"] * share).astype(np.int64)
    c["loan_interest"] = money(0.60, 11.5, 1.4)
    c["rent_area"] = np.where(random.random(n) < 0.5, 0, np.exp(random.normal(5.5, 0.9, n))).astype(np.int32)
    c["export_premium"] = money(0.85, 10.5, 1.4)
    c["patents"] = np.where(random.random(n) < 0.75, 0, random.geometric(0.12, n)).astype(np.int32)
    return c


def row(columns: dict[str, np.ndarray], i: int) -> dict:
    """One company, with the names of its codes."""
    out = {}
    for name, column in columns.items():
        if name in CODES:
            out[name] = CODES[name][column[i]]
        elif column.dtype == bool:
            out[name] = bool(column[i])
        else:
            out[name] = int(column[i])
    return out


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    if not 0 < rows <= COMPANIES:
        sys.exit(f"ROWS must be from 1 to {COMPANIES}")
    here = pathlib.Path(__file__).resolve().parent
    path = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else here / "data" / "sample.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    columns = companies(COMPANIES, SEED)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for i in range(rows):
            file.write(json.dumps(row(columns, i), separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main()
