"""The control sums and counts of the made-up registries, found with integers only.

usage: python verify.py [ROWS]     compares control.json and control_unknown5.json with what is computed here (all sizes)
       python verify.py --write    writes both files

Amounts are whole numbers of hundredths of a fen, as in bench/src/reference.rs. For the registry with gaps only the
outcomes are counted: a condition that reads an empty cell is open, and a measure is undetermined when none of its
conditions fails and one is open.
"""

import json
import pathlib
import sys

import generate
import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
SIZES = [1_000_000, 10_000_000]
SLICE = 1_000_000  # companies at a time
FEN = 100  # hundredths of a fen in a fen
YUAN = 10_000


class Truth:
    """For each company, whether something holds: yes, no, or open where neither is set."""

    def __init__(self, yes: np.ndarray, no: np.ndarray) -> None:
        self.yes, self.no = yes, no

    def __and__(self, other: "Truth") -> "Truth":
        return Truth(self.yes & other.yes, self.no | other.no)


class Companies:
    """Part of a registry. Empty cells read as 0 and are marked in `known`."""

    def __init__(self, table) -> None:
        self.known, self.values = {}, {}
        for name in generate.ORDER:
            column = table[f"org.{name}"].combine_chunks()
            self.known[name] = column.is_valid().to_numpy(zero_copy_only=False)
            cells = column.indices if name in generate.gen.CODES else column
            self.values[name] = cells.fill_null(False if name in ("dishonest", "high_tech") else 0).to_numpy(
                zero_copy_only=False
            ).astype(np.int64)

    def __getitem__(self, name: str) -> np.ndarray:
        return self.values[name]

    def holds(self, condition: np.ndarray, *read: str) -> Truth:
        """The truth of a condition that reads these columns."""
        known = np.logical_and.reduce([self.known[name] for name in read])
        return Truth(known & condition, known & ~condition)


def code(column: str, *names: str) -> list[int]:
    return [generate.gen.CODES[column].index(name) for name in names]


def outcomes(c: Companies) -> dict[str, Truth]:
    """Who is eligible for each measure."""
    base = (
        c.holds(np.isin(c["city"], code("city", "shenzhen")), "city")
        & c.holds(np.isin(c["entity_type"], code("entity_type", "enterprise", "university", "institute")), "entity_type")
        & c.holds(c["dishonest"] == 0, "dishonest")
    )
    enterprise = base & c.holds(np.isin(c["entity_type"], code("entity_type", "enterprise")), "entity_type")
    startup = c.holds(c["age_years"] <= 5, "age_years") & c.holds(c["staff"] <= 200, "staff")

    def some(name: str) -> Truth:
        return c.holds(c[name] > 0, name)

    intense = c.holds(c["rd_spend"] * 100 >= c["revenue"] * 5, "rd_spend", "revenue")
    small = c.holds(c["staff"] <= 300, "staff") & c.holds(c["revenue"] <= 400_000_000 * 100, "revenue")
    return {
        "bench.base": base,
        "bench.compute-voucher": base & some("contract_amount"),
        "bench.model-voucher": enterprise & some("model_spend"),
        "bench.data-voucher": base & some("data_spend"),
        "bench.rd-subsidy": enterprise & some("revenue") & intense,
        "bench.high-tech-reward": base & c.holds(c["high_tech"] == 1, "high_tech"),
        "bench.growth-reward": enterprise & some("prev_revenue"),
        "bench.loan-interest": base & small & some("loan_interest"),
        "bench.rent": base & startup,
        "bench.export-premium": base & some("export_premium"),
        "bench.patent-reward": base & c.holds(c["patents"] >= 5, "patents"),
    }


def amounts(c: Companies) -> dict[str, np.ndarray]:
    """The amount of each measure for whoever is eligible, in hundredths of a fen; only for a registry without gaps."""
    startup = (c["age_years"] <= 5) & (c["staff"] <= 200)
    first = np.isin(c["industry"], code("industry", "ai", "medical"))
    revenue, before, spent = c["revenue"], c["prev_revenue"], c["rd_spend"]
    million = 1_000_000 * 100  # yuan in fen
    slices = (
        10 * np.minimum(spent, million)
        + 8 * np.clip(spent - million, 0, 9 * million)
        + 5 * np.maximum(spent - 10 * million, 0)
    )
    tiers = [(1000, 110, 1_000_000), (100, 115, 500_000), (20, 120, 300_000), (5, 130, 100_000)]
    growth = np.select(
        [(revenue >= least * million) & (revenue * 100 >= before * percent) for least, percent, _ in tiers],
        [reward * YUAN for _, _, reward in tiers],
        0,
    )
    return {
        "bench.compute-voucher": np.minimum(np.where(startup, 60, 50) * c["contract_amount"], 10_000_000 * YUAN),
        "bench.model-voucher": np.minimum(50 * c["model_spend"], 2_000_000 * YUAN),
        "bench.data-voucher": np.minimum(np.where(first, 40, 30) * c["data_spend"], 5_000_000 * YUAN),
        "bench.rd-subsidy": np.minimum(slices, 8_000_000 * YUAN),
        "bench.high-tech-reward": np.where(c["staff"] < 300, 200_000 * YUAN, 300_000 * YUAN),
        "bench.growth-reward": growth,
        "bench.loan-interest": np.minimum(50 * c["loan_interest"], 1_000_000 * YUAN),
        "bench.rent": np.minimum(c["rent_area"], 500) * 180 * YUAN,
        "bench.export-premium": np.minimum(30 * c["export_premium"], 500_000 * YUAN),
        "bench.patent-reward": np.minimum(c["patents"] * 10_000, 500_000) * YUAN,
    }


def total(each: dict[str, np.ndarray]) -> np.ndarray:
    rewards = ["bench.high-tech-reward", "bench.growth-reward"]
    others = sum(amount for measure, amount in each.items() if measure not in rewards)
    return np.minimum(others + np.maximum(*(each[reward] for reward in rewards)), 20_000_000 * YUAN)


def yuan(amount: int, decimals: int) -> str:
    """An amount in hundredths of a fen as yuan."""
    unit = 10**decimals
    whole, rest = divmod(amount, YUAN // unit)
    assert rest == 0, "an amount has more decimals than it may"
    return f"{whole // unit}.{whole % unit:0{decimals}d}"


def add(sums: dict[str, int], each: dict[str, np.ndarray]) -> None:
    for measure, column in each.items():
        sums[measure] = sums.get(measure, 0) + int(column.sum())


def control(rows: int) -> dict:
    """Who is eligible in the registry without gaps, and the sums of the amounts."""
    registry = generate.table(rows, 0)
    eligible, exact, to_the_fen = {}, {}, {}
    for start in range(0, rows, SLICE):
        companies = Companies(registry.slice(start, SLICE))
        who = outcomes(companies)
        add(eligible, {measure: truth.yes for measure, truth in who.items()})
        each = {measure: np.where(who[measure].yes, paid, 0) for measure, paid in amounts(companies).items()}
        add(exact, each | {"bench.total": total(each)})
        each = {measure: (paid + FEN // 2) // FEN * FEN for measure, paid in each.items()}
        add(to_the_fen, each | {"bench.total": total(each)})
    return {
        "eligible": eligible,
        "exact": {measure: yuan(paid, 4) for measure, paid in exact.items()},
        "to_the_fen": {measure: yuan(paid, 2) for measure, paid in to_the_fen.items()},
    }


def control_unknown(rows: int) -> dict:
    """Who is eligible, and for whom that is open, in the registry where 5 % of the cells are empty."""
    registry = generate.table(rows, 0.05)
    eligible, undetermined = {}, {}
    for start in range(0, rows, SLICE):
        who = outcomes(Companies(registry.slice(start, SLICE)))
        add(eligible, {measure: truth.yes for measure, truth in who.items()})
        add(undetermined, {measure: ~truth.yes & ~truth.no for measure, truth in who.items()})
    return {"eligible": eligible, "undetermined": undetermined}


FILES = {"control.json": control, "control_unknown5.json": control_unknown}


def main() -> None:
    arguments = sys.argv[1:]
    if arguments == ["--write"]:
        for name, compute in FILES.items():
            found = {str(rows): compute(rows) for rows in SIZES}
            (HERE / name).write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        return
    sizes = [int(rows) for rows in arguments] or SIZES
    different = False
    for name, compute in FILES.items():
        noted = json.loads((HERE / name).read_text(encoding="utf-8"))
        for rows in sizes:
            if str(rows) not in noted:
                sys.exit(f"{name} has no control for {rows} companies")
            same = noted[str(rows)] == compute(rows)
            different |= not same
            print(f"{name}, {rows} companies: {'as noted' if same else 'NOT as noted'}")
    sys.exit(1 if different else 0)


if __name__ == "__main__":
    main()
