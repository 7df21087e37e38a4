"""The rules of the benchmark on ZEN (a Rust engine) through its Python binding.

usage: python zen_bench.py ROWS

Prints one JSON object for each way of calling the engine: one company a call, the same with a trace of every value,
and all companies in one batch. Building the model, reading the companies and the first calls are not counted.
"""

import importlib.metadata
import json
import pathlib
import resource
import sys
import time
from decimal import Decimal

import zen

WARM_UP = 500  # companies assessed before measuring begins
MONEY = [
    "contract_amount", "model_spend", "data_spend", "revenue", "prev_revenue", "rd_spend", "loan_interest",
    "export_premium",
]
FIRST = [
    ("base", "city == 'shenzhen' and entity_type in ['enterprise','university','institute'] and not(dishonest)"),
    ("startup", "age_years <= 5 and staff <= 200"),
    ("r1", "$.base and contract_amount > 0 ? min([($.startup ? 0.6 : 0.5) * contract_amount, 10000000]) : 0"),
    ("r2", "$.base and entity_type == 'enterprise' and model_spend > 0 ? min([0.5 * model_spend, 2000000]) : 0"),
    ("r3", "$.base and data_spend > 0 ? min([(industry in ['ai','medical'] ? 0.4 : 0.3) * data_spend, 5000000]) : 0"),
    (
        "r4",
        "$.base and entity_type == 'enterprise' and revenue > 0 and rd_spend >= 0.05 * revenue"
        " ? min([rd_spend <= 1000000 ? 0.1 * rd_spend"
        " : (rd_spend <= 10000000 ? 100000 + 0.08 * (rd_spend - 1000000) : 820000 + 0.05 * (rd_spend - 10000000)),"
        " 8000000]) : 0",
    ),
    ("r5", "$.base and high_tech ? (staff < 300 ? 200000 : 300000) : 0"),
    (
        "r7",
        "$.base and staff <= 300 and revenue <= 400000000 and loan_interest > 0"
        " ? min([0.5 * loan_interest, 1000000]) : 0",
    ),
    ("r8", "$.base and $.startup ? min([rent_area, 500]) * 180 : 0"),
    ("r9", "$.base and export_premium > 0 ? min([0.3 * export_premium, 500000]) : 0"),
    ("r10", "$.base and patents >= 5 ? min([patents * 10000, 500000]) : 0"),
    ("growth", "$.base and entity_type == 'enterprise' and prev_revenue > 0 ? revenue / prev_revenue : 0"),
]
GROWTH_TABLE = [  # revenue, growth, r6; the first row that holds
    (">= 1000000000", ">= 1.10", "1000000"),
    (">= 100000000", ">= 1.15", "500000"),
    (">= 20000000", ">= 1.20", "300000"),
    (">= 5000000", ">= 1.30", "100000"),
    ("", "", "0"),
]
TOTAL = [("total", "min([r1 + r2 + r3 + r4 + r7 + r8 + r9 + r10 + max([r5, r6]), 20000000])")]


def model() -> dict:
    """The decision graph: formulas, the growth table, the total."""

    def node(id: str, kind: str, content: dict | None = None) -> dict:
        body = {"id": id, "name": id, "type": kind, "position": {"x": 0, "y": 0}}
        return body if content is None else body | {"content": content}

    def formulas(pairs: list[tuple[str, str]]) -> dict:
        return {"passThrough": True, "expressions": [{"id": k, "key": k, "value": v} for k, v in pairs]}

    table = {
        "passThrough": True,
        "hitPolicy": "first",
        "inputs": [{"id": "a", "name": "a", "field": "revenue"}, {"id": "b", "name": "b", "field": "growth"}],
        "outputs": [{"id": "c", "name": "c", "field": "r6"}],
        "rules": [{"_id": str(i), "a": a, "b": b, "c": c} for i, (a, b, c) in enumerate(GROWTH_TABLE)],
    }
    nodes = [
        node("input", "inputNode"),
        node("first", "expressionNode", formulas(FIRST)),
        node("table", "decisionTableNode", table),
        node("total", "expressionNode", formulas(TOTAL)),
        node("output", "outputNode"),
    ]
    steps = [n["id"] for n in nodes]
    edges = [
        {"id": f"{a}-{b}", "type": "edge", "sourceId": a, "targetId": b} for a, b in zip(steps, steps[1:])
    ]
    return {"nodes": nodes, "edges": edges}


def companies(rows: int) -> list[dict]:
    """The companies, with amounts in yuan."""
    path = pathlib.Path(__file__).resolve().parent / "data" / "sample.jsonl"
    out = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            if len(out) == rows:
                break
            company = json.loads(line)
            for name in MONEY:
                company[name] /= 100
            out.append(company)
    if len(out) < rows:
        sys.exit(f"{path} has {len(out)} companies, not {rows}")
    return out


def cpu() -> float:
    """Seconds of processor time of this process so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def measure(name: str, rows: list[dict], run) -> None:
    """Runs once and prints what it took. `run` returns the total of each company."""
    cpu_before, wall_before = cpu(), time.perf_counter()
    totals = run(rows)
    wall, used = time.perf_counter() - wall_before, cpu() - cpu_before
    total = sum((Decimal(str(t)) for t in totals), Decimal(0))
    figure = {
        "engine": name,
        "version": importlib.metadata.version("zen-engine"),
        "companies": len(totals),
        "seconds_cpu": round(used, 6),
        "seconds_wall": round(wall, 6),
        "sum_total_yuan": f"{total:.4f}",
    }
    print(json.dumps(figure), flush=True)


def main() -> None:
    rows = companies(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
    # A model that a loader gives is compiled once; `create_decision` would compile it anew for every company, which
    # takes ten times as long.
    engine = zen.ZenEngine({"loader": {"type": "static", "content": {"rules": model()}}})
    for company in rows[:WARM_UP]:
        engine.evaluate("rules", company)

    measure("zen", rows, lambda rows: [engine.evaluate("rules", r)["result"]["total"] for r in rows])
    traced = {"trace": True}
    measure("zen-trace", rows, lambda rows: [engine.evaluate("rules", r, traced)["result"]["total"] for r in rows])

    def batch(rows: list[dict]) -> list:
        answers = engine.evaluate_batch([{"key": "rules", "context": r} for r in rows])
        return [a["data"]["result"]["total"] for a in answers]

    measure("zen-batch", rows, batch)


if __name__ == "__main__":
    main()
