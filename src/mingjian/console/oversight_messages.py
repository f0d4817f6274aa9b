"""The words behind the codes of oversight."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.console.message_rows import Row

OVERSIGHT: dict[str, Row] = {
    "oversight.body_unknown": (
        _("没有选择机构，或没有这个机构，没有任何改动。"),
        _("请从列出的机构中选择。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "oversight.person_unknown": (
        _("没有找到所填的人员，没有任何改动。"),
        _("请核对用户名，或只写机构。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "oversight.no_inspection": (
        _("学校还没有登记纪检监察机构，涉及保卫处的事项不能在这里办理，也不会交保卫处自己办理。"),
        _("请直接向学校纪检监察机构提出，并告知平台系统管理员登记（学校资料中 tier = 0 的机构）。"),
        HTTPStatus.CONFLICT,
    ),
    "oversight.too_many_open": (
        _("您有 %(most)s 份投诉尚未办结（本系统默认的上限），这一份没有提出。"),
        _("请等其中一份办结后再提，或撤回不再需要的。"),
        HTTPStatus.CONFLICT,
    ),
    "oversight.wrong_stage": (
        _("%(ticket)s 现在的状态不能这样办理，没有任何改动。"),
        _("请刷新页面查看最新状态。"),
        HTTPStatus.CONFLICT,
    ),
    "oversight.stale": (
        _("%(ticket)s 在您打开页面之后有了变化，没有任何改动。"),
        _("请返回并刷新页面，看过最新内容再办理。"),
        HTTPStatus.CONFLICT,
    ),
    "oversight.nobody_named": (
        _("没有选择办理人，%(ticket)s 没有任何改动。"),
        _("请从列出的人员中至少勾选一位。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "oversight.already_with_inspection": (
        _("%(ticket)s 已经由纪检监察机构办理，没有任何改动。"),
        _("请刷新页面查看最新状态。"),
        HTTPStatus.CONFLICT,
    ),
}
