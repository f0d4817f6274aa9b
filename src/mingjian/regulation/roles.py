"""The roles that the permission matrix tells apart: which tier, and which posts count as one."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mingjian.regulation.posts import Post, Tier


class Role(StrEnum):
    """Who asks: a column of the matrix."""

    MEMBER = "member"
    OUTSIDER = "outsider"
    UNIT_OPERATOR = "unit_operator"
    UNIT_MANAGER = "unit_manager"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    PRINCIPAL = "principal"
    SUPERVISOR = "supervisor"
    SCHOOL_PRINCIPAL = "school_principal"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    INSPECTOR = "inspector"


@dataclass(frozen=True, slots=True)
class Column:
    """A role as the rules know it: a tier, and the posts that count as this role. No tier: acts for no body."""

    tier: Tier | None
    posts: tuple[Post, ...]
    name_zh: str
    name_en: str


COLUMNS: Mapping[Role, Column] = MappingProxyType(
    {
        Role.MEMBER: Column(None, (), "校内申请人", "Applicant of the university"),
        Role.OUTSIDER: Column(None, (), "校外人员", "Outsider"),
        Role.UNIT_OPERATOR: Column(Tier.THIRD, (Post.OPERATOR,), "三级操作员", "Tier-3 operator"),
        Role.UNIT_MANAGER: Column(Tier.THIRD, (Post.MANAGER,), "三级管理员", "Tier-3 manager"),
        Role.OPERATOR: Column(Tier.SECOND, (Post.OPERATOR,), "二级操作员", "Tier-2 operator"),
        Role.REVIEWER: Column(Tier.SECOND, (Post.REVIEWER, Post.APPROVER), "二级审核、审批人", "Tier-2 reviewer"),
        Role.PRINCIPAL: Column(
            Tier.SECOND, (Post.PRINCIPAL, Post.ACTING_PRINCIPAL), "二级主要负责人", "Head of a tier-2 body"
        ),
        Role.SUPERVISOR: Column(Tier.FIRST, (Post.MANAGER,), "一级监督人员", "Tier-1 supervisor"),
        Role.SCHOOL_PRINCIPAL: Column(
            Tier.FIRST, (Post.PRINCIPAL, Post.ACTING_PRINCIPAL), "一级主要负责人", "Head of tier 1"
        ),
        Role.ADMINISTRATOR: Column(
            Tier.FIRST,
            (Post.SECURITY_ADMINISTRATOR, Post.SYSTEM_ADMINISTRATOR),
            "平台系统、安全管理员",
            "System and security administrators",
        ),
        Role.AUDITOR: Column(Tier.FIRST, (Post.AUDIT_ADMINISTRATOR,), "平台审计管理员", "Audit administrator"),
        Role.INSPECTOR: Column(Tier.OUTSIDE, (Post.DISCIPLINE_INSPECTOR,), "纪检监察人员", "Discipline inspector"),
    }
)
