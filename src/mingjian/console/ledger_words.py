"""Kinds of ledger entries, doors, capacities and verdicts in words."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from mingjian.people.capacity import MEMBER
from mingjian.people.posts import POST_NAMES
from mingjian.regulation.policies import POLICIES
from mingjian.regulation.posts import Post
from mingjian.regulation.readings import READINGS

KINDS: dict[str, str | Promise] = {
    "people.person_created": pgettext_lazy("日志", "建立账号"),
    "people.person_left": _("离校，停用账号"),
    "people.account_reopened": _("重新开立账号"),
    "people.leavers_taken": _("收到离校名单"),
    "people.leavers_held": _("离校名单人数过多，等待确认"),
    "people.leavers_unread": _("离校名单无法读取"),
    "people.leavers_confirmed": _("确认离校名单"),
    "people.leavers_declined": _("不采用离校名单"),
    "people.imported": _("导入表格"),
    "people.account_closed": _("停用账号"),
    "people.account_suspended": pgettext_lazy("日志", "锁定账号"),
    "people.account_reinstated": pgettext_lazy("日志", "解锁账号"),
    "people.password_renewed": pgettext_lazy("日志", "发放一次性密码"),
    "people.factor_added": _("添加二次验证方式"),
    "people.factor_removed": _("移除二次验证方式"),
    "people.factors_taken_away": _("清除他人的二次验证"),
    "people.factor_refused": _("二次验证未通过"),
    "people.proved": _("通过二次验证"),
    "people.password_changed": pgettext_lazy("日志", "更改密码"),
    "people.password_refused": _("更改密码时输错密码"),
    "people.signed_in": pgettext_lazy("日志", "登录"),
    "people.signed_in_by_cas": _("登录（统一身份认证 CAS）"),
    "people.signed_in_by_oidc": _("登录（学校账号 OIDC）"),
    "people.signed_in_by_ldap": _("登录（学校目录 LDAP）"),
    "people.signed_out": pgettext_lazy("日志", "退出登录"),
    "people.sign_in_refused": _("登录未成功"),
    "people.sign_in_refused_by_cas": _("登录未成功（统一身份认证 CAS）"),
    "people.sign_in_refused_by_oidc": _("登录未成功（学校账号 OIDC）"),
    "people.sign_in_refused_by_ldap": _("登录未成功（学校目录 LDAP）"),
    "people.locked": _("账号被锁定"),
    "people.sign_in_noise": _("来源不明的登录尝试（汇总）"),
    "people.refused": _("未予办理"),
    "people.university_entered": _("登记学校名称"),
    "people.campus_entered": _("建立校区"),
    "people.body_entered": _("建立机构"),
    "people.body_changed": _("更正机构资料"),
    "people.special_owner_entered": _("指定专用系统责任单位"),
    "people.ruling_founded": _("学校资料中的规定值生效"),
    "people.ruling_proposed": pgettext_lazy("日志", "提出规定值或解释"),
    "people.ruling_confirmed": _("决定规定值或解释"),
    "people.ruling_turned_down": _("不采用规定值或解释的提议"),
    "people.appointed": pgettext_lazy("日志", "任命"),
    "people.appointment_ended": pgettext_lazy("日志", "解除任命"),
    "people.delegated": _("委托职务"),
    "people.delegation_revoked": _("收回职务委托"),
    "people.hand_over_confirmed": _("确认职务交接"),
    "people.qualification_recorded": _("登记培训或保密承诺"),
    "people.qualification_withdrawn": _("撤销培训或保密承诺登记"),
    "people.qualification_lapsing": _("培训或保密承诺将失效（提示）"),
    "people.qualification_lapsed": _("培训或保密承诺失效（提示）"),
    "people.capacity_chosen": pgettext_lazy("日志", "更换办理身份"),
    "people.session_ended": _("结束登录"),
    "people.console_added": _("增加控制室终端"),
    "people.console_registered": _("登记控制室终端"),
    "registry.volume_registered": _("登记录像卷"),
    "registry.camera_registered": pgettext_lazy("日志", "登记摄像机"),
    "registry.camera_moved": _("摄像机调整校区"),
    "registry.camera_retired": pgettext_lazy("日志", "注销摄像机"),
    "registry.hold_placed": _("提出录像锁定"),
    "registry.hold_released": _("解除录像锁定"),
    "registry.plan_shrink_confirmed": _("确认录像计划缩减"),
    "duty.shift_started": pgettext_lazy("日志", "上岗"),
    "duty.shift_ended": pgettext_lazy("日志", "下岗"),
    "viewing.application_drafted": _("协助填写查阅申请"),
    "viewing.application_submitted": _("提交查阅申请"),
    "viewing.application_resubmitted": _("补正后重新提交"),
    "viewing.application_withdrawn": _("撤回查阅申请"),
    "viewing.application_forwarded": _("转交查阅申请"),
    "viewing.application_approved": _("同意查阅"),
    "viewing.application_refused": _("不予同意查阅"),
    "viewing.application_returned": _("退回补正"),
    "viewing.recused": _("回避查阅申请的审批"),
    "viewing.elsewhere_asked": _("申请由他方审批"),
    "viewing.objection_filed": _("申请复核"),
    "viewing.objection_upheld": _("复核维持不予同意"),
    "viewing.objection_reopened": _("复核撤销原决定"),
    "viewing.application_restricted": _("限定知情人"),
    "viewing.application_unrestricted": _("解除知情限定"),
    "viewing.holds_kept": _("继续锁定录像"),
    "viewing.holds_released": _("准予解除录像锁定"),
    "viewing.attachments_added": _("补充查阅申请附件"),
    "viewing.refused": _("查阅事项未予办理"),
    "viewing.session_opened": pgettext_lazy("日志", "开始检索"),
    "viewing.segment_marked": pgettext_lazy("日志", "标记出示片段"),
    "viewing.segment_removed": _("取消出示片段"),
    "viewing.showing_begun": pgettext_lazy("日志", "转入出示"),
    "viewing.search_begun": pgettext_lazy("日志", "返回检索"),
    "viewing.viewer_left": _("查阅人离场"),
    "viewing.session_taken_over": _("接手监督查阅"),
    "viewing.viewer_admitted": pgettext_lazy("日志", "登记查阅人入场"),
    "viewing.more_viewers_allowed": _("同意超过三人查阅"),
    "viewing.clue_marked": _("标记线索"),
    "viewing.session_paused": _("暂停查阅"),
    "viewing.session_resumed": _("继续查阅"),
    "viewing.session_closed": _("结束查阅"),
    "viewing.session_issued": _("准予查阅"),
    "viewing.session_revoked": _("撤销查阅"),
    "media.opened": _("打开画面"),
    "media.closed": _("结束画面"),
    "media.refused": _("画面未予播放"),
    "media.spooled": _("断控期间值班观看（事后补入）"),
    "media.spool_finding": _("本机记录异常"),
    "oversight.complaint_filed": _("提出投诉"),
    "oversight.complaint_withdrawn": _("撤回投诉"),
    "oversight.complaint_accepted": _("受理投诉"),
    "oversight.complaint_declined": _("不予受理投诉"),
    "oversight.complaint_answered": _("办结投诉"),
    "oversight.complaint_handed_over": _("投诉转纪检监察机构"),
    "oversight.complaint_restricted": _("限定投诉办理人"),
    "oversight.inquiry_asked": _("提出疑问单"),
    "oversight.inquiry_answered": _("答复疑问单"),
    "oversight.inquiry_accepted": _("了结疑问单"),
    "oversight.inquiry_asked_again": _("疑问单再问"),
    "oversight.inquiry_handed_over": _("疑问单转纪检监察机构"),
    "oversight.refused": _("投诉和疑问事项未予办理"),
    "ledger.sealed": _("限知事项"),
    "ledger.epoch_started": _("日志另起一段"),
    "ledger.text_erased": _("清除日志中的文字"),
    "ledger.witness_added": _("增加日志见证方"),
    "ledger.witness_removed": _("停用日志见证方"),
    "recordings.roots": _("录像摘要汇总"),
    "recordings.rolled_up": _("录像摘要每小时汇总"),
    "recordings.root_changed": _("录像摘要与先前不符"),
    "recordings.gap_closed": _("录像缺失一段"),
    "recordings.recording_salvaged": _("录像经修复"),
    "recordings.recording_damaged": _("录像损坏"),
    "recordings.recording_whole_again": _("损坏的录像恢复完好"),
    "recordings.recording_deleted": _("到期录像清除"),
    "recordings.deletion_braked": _("清除过多，已自动停下"),
    "recordings.ceiling_passed": _("录像超过保存上限"),
    "recordings.file_quarantined": _("来历不明的文件已隔离"),
    "recordings.hold_acknowledged": _("录像锁定已生效"),
    "recordings.hold_released": _("录像锁定已解除"),
    "recordings.level_changed": _("录像卷余量变化"),
    "recordings.exported": _("导出录像"),
}

_VIA: dict[str, str | Promise] = {
    "web": _("网页"),
    "shell": _("命令行"),
    "streaming": _("媒体服务"),
    "clerk": _("系统"),
    "demo": _("演示"),
}

_ACTORS: dict[str, str | Promise] = {
    "shell": _("命令行用户"),
    "clerk": _("系统"),
    "streaming": _("媒体服务"),
    "complainant": _("投诉人"),
}

_CAPACITIES: dict[str, str | Promise] = {
    "platform_administrator": _("平台系统管理员"),
    "machine": _("系统自动"),
    MEMBER: _("校内人员"),
    "duty_live": _("值班巡查"),
    "viewing": pgettext_lazy("身份", "查阅人"),
    "protected": _("（不公开）"),
}

VERDICTS: dict[str, tuple[str | Promise, str]] = {
    "WITNESSED": (_("完整（已外部见证）"), "good"),
    "ANCHORED": (_("完整（有外部留存比对）"), "good"),
    "UNANCHORED": (_("完整（尚无外部见证）"), "pending"),
    "DIVERGED": (_("与留存的校验点不一致"), "trouble"),
    "INVALID": (_("校验不通过"), "trouble"),
}


def kind_word(kind: str) -> str:
    """Return what was done; a kind of a newer version stands for itself."""
    return str(KINDS.get(kind, kind))


def topic_word(topic: str) -> str:
    """Return what a ruling is about; a topic that nobody knows any more stands for itself."""
    is_english = (get_language() or "").startswith("en")
    if policy := POLICIES.get(topic):
        return policy.label_en if is_english else policy.label_zh
    if reading := READINGS.get(topic):
        return reading.question_en if is_english else reading.question_zh
    return topic


def actor_word(name: str) -> str:
    """Return the name of an actor that is no person; a person's name stands for itself."""
    return str(_ACTORS.get(name, name))


def via_word(via: str) -> str:
    """Return the door it came through."""
    return str(_VIA.get(via, via))


def capacity_word(capacity: str, *, bodies: Mapping[str, str]) -> str:
    """Return the capacity acted in, with its body; `bodies` are their names by code."""
    post, _at, body = capacity.partition("@")
    if post in list(Post):
        return f"{bodies.get(body, body)} · {POST_NAMES[Post(post)]}"
    return str(_CAPACITIES.get(post, post))
