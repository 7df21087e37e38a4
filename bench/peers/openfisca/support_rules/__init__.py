"""The rules of the benchmark as a country package of OpenFisca: ten support measures for companies and their total.

`openfisca serve --country-package support_rules` answers for them; see `docs/benchmarks.md`.
"""

import pathlib

from openfisca_core.taxbenefitsystems import TaxBenefitSystem

from . import entities, variables


class CountryTaxBenefitSystem(TaxBenefitSystem):
    """Companies, their facts, and the rules."""

    def __init__(self) -> None:
        super().__init__(entities.entities)
        self.load_parameters(str(pathlib.Path(__file__).parent / "parameters"))
        self.add_variables(*variables.FACTS, *variables.RULES)
