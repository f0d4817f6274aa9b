"""The posts as people read them, and at which tiers each exists (Articles 7, 8; graded protection for the three)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mingjian.regulation.posts import ADMINISTRATORS, Post

OUTSIDE, SCHOOL, CAMPUS_BODY, UNIT = 0, 1, 2, 3
TIERS = (SCHOOL, CAMPUS_BODY, UNIT)
# What a body can be: of a tier, or discipline inspection, which stands outside them.
LEVELS = (OUTSIDE, *TIERS)

POST_NAMES: dict[Post, str | Promise] = {
    Post.PRINCIPAL: _("主要负责人"),
    Post.ACTING_PRINCIPAL: _("代理主要负责人"),
    Post.DUTY_LEADER: _("带班领导"),
    Post.REVIEWER: _("审核人"),
    Post.APPROVER: _("审批人"),
    Post.SAFETY_RESPONSIBLE: _("安全责任人"),
    Post.MANAGER: _("监控系统管理员"),
    Post.OPERATOR: _("监控系统操作员"),
    Post.SYSTEM_ADMINISTRATOR: _("平台系统管理员"),
    Post.SECURITY_ADMINISTRATOR: _("平台安全管理员"),
    Post.AUDIT_ADMINISTRATOR: _("平台审计管理员"),
    Post.DISCIPLINE_INSPECTOR: _("纪检监察人员"),
}
# Tier 1 runs no system of its own: whoever manages there supervises (Article 7 (1)).
_SUPERVISOR = _("监督管理人员")

TIERS_OF: dict[Post, tuple[int, ...]] = {
    Post.PRINCIPAL: TIERS,
    Post.ACTING_PRINCIPAL: TIERS,
    Post.DUTY_LEADER: (CAMPUS_BODY,),
    Post.REVIEWER: (CAMPUS_BODY,),
    Post.APPROVER: (CAMPUS_BODY,),
    Post.SAFETY_RESPONSIBLE: TIERS,
    Post.MANAGER: TIERS,
    Post.OPERATOR: (CAMPUS_BODY, UNIT),
    **dict.fromkeys(sorted(ADMINISTRATORS), (SCHOOL,)),
    # The only post outside the tiers, and outside them alone: no head stands over who inspects.
    Post.DISCIPLINE_INSPECTOR: (OUTSIDE,),
}


def post_name(post: Post, *, tier: int) -> str:
    """Return the post in the reader's language, as it is called at this tier."""
    return str(_SUPERVISOR if (post, tier) == (Post.MANAGER, SCHOOL) else POST_NAMES[post])
