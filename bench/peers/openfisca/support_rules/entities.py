"""Whom the rules are about: companies. OpenFisca wants a group as well; it stays empty."""

from openfisca_core.entities import build_entity

Company = build_entity(key="company", plural="companies", label="Company", doc="A company", is_person=True)
Group = build_entity(
    key="group",
    plural="groups",
    label="Group",
    doc="Companies that belong together; no rule reads it",
    roles=[{"key": "member", "plural": "members", "label": "Members"}],
)
entities = [Company, Group]
