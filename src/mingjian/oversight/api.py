"""The articles and the permission matrix, over the API."""

from dataclasses import dataclass

from django.urls import URLPattern
from django.utils.translation import gettext_lazy as _

from mingjian.people.resources import Call, Listed, Operation, resource
from mingjian.people.routing import SignedIn
from mingjian.regulation.articles import CATALOGUE
from mingjian.regulation.matrix import ROWS


@dataclass(frozen=True, slots=True)
class RuleBody:
    """One rule of the regulation or of national law, in our own words."""

    id: str
    provision: str
    citation_zh: str
    citation_en: str
    kind: str
    mechanism: str
    standing: str
    summary_zh: str
    summary_en: str


@dataclass(frozen=True, slots=True)
class CellBody:
    """What one role may: "allowed", "refused" or "ticket", and the rule that says so."""

    role: str
    verdict: str
    rule: str
    condition_zh: str
    condition_en: str


@dataclass(frozen=True, slots=True)
class RowBody:
    """One action with a cell per role."""

    action: str
    name_zh: str
    name_en: str
    is_offered: bool
    cells: tuple[CellBody, ...]


def articles(call: Call) -> Listed:
    """List every rule."""
    return Listed(
        tuple(
            RuleBody(
                id=rule.id,
                provision=rule.provision.id,
                citation_zh=rule.provision.citation_zh,
                citation_en=rule.provision.citation_en,
                kind=rule.kind.value,
                mechanism=rule.mechanism.value,
                standing=rule.standing.value,
                summary_zh=rule.summary_zh,
                summary_en=rule.summary_en,
            )
            for rule in CATALOGUE.values()
        )
    )


def matrix(call: Call) -> Listed:
    """List who may do what."""
    return Listed(
        tuple(
            RowBody(
                action=row.action.value,
                name_zh=row.name_zh,
                name_en=row.name_en,
                is_offered=row.is_offered,
                cells=tuple(
                    CellBody(role.value, cell.verdict.value, cell.rule.id, cell.condition_zh, cell.condition_en)
                    for role, cell in row.cells.items()
                ),
            )
            for row in ROWS.values()
        )
    )


urlpatterns: list[URLPattern] = [
    resource(
        "articles/",
        name="articles",
        rule=SignedIn(),
        get=Operation(articles, _("办法和国家规定的全部规则"), RuleBody, is_list=True),
    ),
    resource("matrix/", name="matrix", rule=SignedIn(), get=Operation(matrix, _("权限矩阵"), RowBody, is_list=True)),
]
