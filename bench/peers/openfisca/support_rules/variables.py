"""Facts of a company, and one formula for each measure. Amounts in yuan."""

import numpy
from openfisca_core.indexed_enums import Enum
from openfisca_core.periods import YEAR
from openfisca_core.variables import Variable

from .entities import Company

# the codes that `gen.py` draws from
City = Enum(
    "City",
    "shenzhen guangzhou beijing shanghai hangzhou suzhou chengdu wuhan xian nanjing dongguan foshan hefei tianjin"
    " chongqing changsha",
)
Kind = Enum("Kind", "enterprise university institute association sole_trader")
Industry = Enum(
    "Industry",
    "ai medical semiconductor software robotics biotech energy materials logistics retail construction other",
)


def fact(name: str, kind: type, **more) -> type[Variable]:
    about = {"value_type": kind, "entity": Company, "definition_period": YEAR, "label": name}
    return type(name, (Variable,), about | more)


FACTS = [
    fact("city", Enum, possible_values=City, default_value=City.shenzhen),
    fact("entity_type", Enum, possible_values=Kind, default_value=Kind.enterprise),
    fact("industry", Enum, possible_values=Industry, default_value=Industry.other),
    *(fact(name, bool) for name in ["dishonest", "high_tech"]),
    *(fact(name, int) for name in ["age_years", "staff", "rent_area", "patents"]),
    *(
        fact(name, float)
        for name in [
            "contract_amount", "model_spend", "data_spend", "revenue", "prev_revenue", "rd_spend", "loan_interest",
            "export_premium",
        ]
    ),
]


def supported(company, period, parameters):
    kind = company("entity_type", period)
    known = (kind == Kind.enterprise) + (kind == Kind.university) + (kind == Kind.institute)
    return (company("city", period) == City.shenzhen) * known * numpy.logical_not(company("dishonest", period))


def startup(company, period, parameters):
    limits = parameters(period).startup
    return (company("age_years", period) <= limits.age) * (company("staff", period) <= limits.staff)


def enterprise(company, period, parameters):
    return company("supported", period) * (company("entity_type", period) == Kind.enterprise)


def compute_voucher(company, period, parameters):
    rule, spent = parameters(period).compute, company("contract_amount", period)
    rate = numpy.where(company("startup", period), rule.rate_startup, rule.rate)
    return company("supported", period) * numpy.minimum(rate * spent, rule.cap)


def model_voucher(company, period, parameters):
    rule = parameters(period).model
    return company("enterprise", period) * numpy.minimum(rule.rate * company("model_spend", period), rule.cap)


def data_voucher(company, period, parameters):
    rule, industry = parameters(period).data, company("industry", period)
    first = (industry == Industry.ai) + (industry == Industry.medical)
    rate = numpy.where(first, rule.rate_first, rule.rate)
    return company("supported", period) * numpy.minimum(rate * company("data_spend", period), rule.cap)


def rd_subsidy(company, period, parameters):
    rule, spent, revenue = parameters(period).rd, company("rd_spend", period), company("revenue", period)
    intense = (revenue > 0) * (spent >= rule.intensity * revenue)
    return company("enterprise", period) * intense * numpy.minimum(rule.scale.calc(spent), rule.cap)


def high_tech_reward(company, period, parameters):
    rule = parameters(period).high_tech
    amount = numpy.where(company("staff", period) < rule.staff, rule.small, rule.large)
    return company("supported", period) * company("high_tech", period) * amount


def growth_reward(company, period, parameters):
    revenue, before = company("revenue", period), company("prev_revenue", period)
    rows = [(1e9, 1.10, 1e6), (1e8, 1.15, 5e5), (2e7, 1.20, 3e5), (5e6, 1.30, 1e5)]
    amount = numpy.select(
        [(revenue >= least) & (revenue >= growth * before) for least, growth, _ in rows],
        [reward for _, _, reward in rows],
        0.0,
    )
    return company("enterprise", period) * (before > 0) * amount


def loan_interest_subsidy(company, period, parameters):
    rule = parameters(period).loan
    small = (company("staff", period) <= rule.staff) * (company("revenue", period) <= rule.revenue)
    paid = numpy.minimum(rule.rate * company("loan_interest", period), rule.cap)
    return company("supported", period) * small * paid


def rent_subsidy(company, period, parameters):
    rule = parameters(period).rent
    area = numpy.minimum(company("rent_area", period), rule.area)
    return company("supported", period) * company("startup", period) * area * rule.each


def export_subsidy(company, period, parameters):
    rule = parameters(period).export
    return company("supported", period) * numpy.minimum(rule.rate * company("export_premium", period), rule.cap)


def patent_reward(company, period, parameters):
    rule, granted = parameters(period).patent, company("patents", period)
    return company("supported", period) * (granted >= rule.least) * numpy.minimum(granted * rule.each, rule.cap)


def total(company, period, parameters):
    either = numpy.maximum(company("high_tech_reward", period), company("growth_reward", period))
    others = [
        "compute_voucher", "model_voucher", "data_voucher", "rd_subsidy", "loan_interest_subsidy", "rent_subsidy",
        "export_subsidy", "patent_reward",
    ]
    return numpy.minimum(sum(company(name, period) for name in others) + either, parameters(period).total.cap)


def rule(formula, kind: type = float) -> type[Variable]:
    return fact(formula.__name__, kind, formula=formula)


RULES = [
    *(rule(formula, bool) for formula in [supported, startup, enterprise]),
    *(
        rule(formula)
        for formula in [
            compute_voucher, model_voucher, data_voucher, rd_subsidy, high_tech_reward, growth_reward,
            loan_interest_subsidy, rent_subsidy, export_subsidy, patent_reward, total,
        ]
    ),
]
