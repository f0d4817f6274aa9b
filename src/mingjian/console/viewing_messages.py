"""The words behind the codes of viewing."""

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.console.message_rows import Row

VIEWING: dict[str, Row] = {
    "viewing.no_camera": (
        _("所选地点没有在用的摄像机，未办理。"),
        _("请改选有摄像机的地点。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.span_empty": (
        _("查阅时段的结束时间不晚于开始时间，未办理。"),
        _("请核对起止时间。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.validity_empty": (
        _("有效期已经过去，未签发。"),
        _("请给出将来的截止时间。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.purpose_missing": (
        _("没有写明查阅事由或联系方式，未办理。"),
        _("请补齐后重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.own_request": (
        _("不能为自己签发查阅。"),
        _("请由另一位有权人员办理。"),
        HTTPStatus.FORBIDDEN,
    ),
    "viewing.not_open": (
        _("这次查阅已经暂停、结束或到期，不能这样办理。"),
        _("请刷新页面查看现在的状态。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.span_too_long": (
        _("一次申请的时段超过 %(hours)s 小时，未提交。"),
        _("请把时段缩短；确需更长的，请分几次申请。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.span_in_future": (
        _("所填时段还没有过去，没有录像可查，未提交。"),
        _("请填写已经过去的时段。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.span_too_old": (
        _("所填时段已过去 %(days)s 天以上，不会再有录像，未提交。"),
        _("请核对日期；确有需要的，请直接与校区二级管理机构联系。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.text_too_long": (
        _("所填文字超过 %(most)s 字，没有任何改动。"),
        _("请缩短后重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.wrong_stage": (
        _("申请 %(ticket)s 现在的状态不能这样办理，没有任何改动。"),
        _("请刷新页面查看最新状态。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.stale": (
        _("申请 %(ticket)s 在您打开页面之后有了变化，没有任何改动。"),
        _("请返回并刷新页面，看过最新内容再办理。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.recused_already": (
        _("申请 %(ticket)s 此前已经提出过回避。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.already_decided": (
        _("%(ticket)s 已由他人决定，您的决定没有记入。"),
        _("请刷新页面查看结果。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.already_seated": (
        _("申请 %(ticket)s 的查阅人已在场，没有重复登记。"),
        _("请刷新页面核对在场人员。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.other_footage": (
        _("申请 %(ticket)s 获准的内容与这次查阅不同，不能一同查阅。"),
        _("请为该申请另开一场查阅。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.outside_window": (
        _("所填时刻不在获准的时段内，没有标记。"),
        _("请核对录像时刻后重新标记。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.article_missing": (
        _("不予同意须选择依据，没有任何改动。"),
        _("请返回，选择所依据的条款后重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.not_supervising": (
        _("这次查阅由另一位操作员监督，没有任何改动。"),
        _("请由该操作员办理。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.wrong_phase": (
        _("这场查阅已在检索与出示之间切换，没有任何改动。"),
        _("请刷新页面，看过现在的阶段再办理。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.segment_outside": (
        _("所填片段不在获准的摄像机和时段内，没有标记。"),
        _("请核对片段的起止时刻后重新标记。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.segment_gone": (
        _("这个片段已经取消标记，没有任何改动。"),
        _("请刷新页面查看现在的片段。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.too_many_segments": (
        _("一场查阅最多标记 %(most)s 个片段，没有标记。"),
        _("请只保留相关的片段，或合并相邻的片段。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.not_seated": (
        _("这位查阅人已经离场，没有任何改动。"),
        _("请刷新页面核对在场人员。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.not_a_handler": (
        _("所选的人不在办理申请 %(ticket)s 的人员之中，没有任何改动。"),
        _("请刷新页面，从列出的人员中选择。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.reason_missing": (
        _("没有写明理由，未办理。"),
        _("请写明理由后重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.too_many_names": (
        _("这一时段核对的用户名太多，暂不受理。"),
        _("请过 %(minutes)s 分钟再试，或请申请人自行申请。"),
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    "viewing.too_many_standing": (
        _("您已有 %(most)s 份申请的录像处于锁定状态（本系统默认的上限），这一份没有提交。"),
        _("请等其中一份办结并解除锁定后再申请；情况紧急的，请直接联系校区的二级管理机构。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.attachment_too_many": (
        _("附件超过 %(most)s 个，没有收下。"),
        _("请留下最能说明情况的几个，重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "viewing.attachment_lost": (
        _("这个附件已经损坏或不在，无法打开。"),
        _("请联系平台系统管理员；申请的其他内容不受影响。"),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ),
    "viewing.hold_settled": (
        _("申请 %(ticket)s 的录像锁定已有变化，没有任何改动。"),
        _("请返回并刷新页面，勾选仍然锁定的录像再办理。"),
        HTTPStatus.CONFLICT,
    ),
    "viewing.hold_reason_missing": (
        _("没有写明解除或继续锁定的理由，申请 %(ticket)s 的录像锁定没有任何改动。"),
        _("请返回写明理由后重新提交。"),
        HTTPStatus.BAD_REQUEST,
    ),
}
