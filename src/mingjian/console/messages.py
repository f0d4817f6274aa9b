"""The words behind a code: what happened and what to do, in the reader's language, with the HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.base.errors import MingjianError
from mingjian.console.registry_messages import REGISTRY, Row

Fact = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Words:
    """A message in two sentences and the status a page answers with."""

    text: str
    remedy: str
    status: HTTPStatus


_TABLE: dict[str, Row] = {
    "duty.not_on_shift": (
        _("当前不在岗，无需下岗。"),
        _("如需查看实时画面，请先在首页办理上岗。"),
        HTTPStatus.CONFLICT,
    ),
    "duty.not_an_operator": (
        _("实时画面仅供值班的监控系统操作员查看。"),
        _("如需了解某一时段的情况，请按查阅程序向二级管理机构提出申请。"),
        HTTPStatus.FORBIDDEN,
    ),
    "duty.already_on_shift": (
        _("您已在岗，无需重复上岗。"),
        _("如需交班，请先办理下岗。"),
        HTTPStatus.CONFLICT,
    ),
    **REGISTRY,
    "people.username_taken": (
        _("用户名“%(username)s”已被使用，未建立账号。"),
        _("请换一个用户名。"),
        HTTPStatus.CONFLICT,
    ),
    "people.short_password": (
        _("密码太短，或含有用户名，没有采用。"),
        _("请使用至少 %(shortest)s 个字符、不含用户名的密码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.body_unknown": (
        _("没有代码为“%(body)s”的机构，未任命。"),
        _("请核对机构代码（mingjian body list）。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.post_not_at_tier": (
        _("机构“%(body)s”没有职务“%(post)s”，未任命。"),
        _("请核对职务和机构的级别。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.term_empty": (
        _("任期的结束时间不晚于开始时间，未任命。"),
        _("请核对起止时间。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.document_missing": (
        _("没有写明任命依据的文件，未任命。"),
        _("请写明文号或文件名称。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.own_appointment": (
        _("不能任命自己。"),
        _("请由另一位有权人员办理。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.already_appointed": (
        _("“%(username)s”在机构“%(body)s”已有这一任命，任期重叠，未任命。"),
        _("请先解除原任命，或调整任期。"),
        HTTPStatus.CONFLICT,
    ),
    "people.powers_apart": (
        _("平台系统、安全、审计管理员互相分设，也不兼任其他职务；“%(username)s”未获任命。"),
        _("请先解除原任命，或另选一人。"),
        HTTPStatus.CONFLICT,
    ),
    "people.not_appointed": (
        _("这项任命此前已经结束。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "people.no_such_capacity": (
        _("您现在没有这项任命，身份没有更换。"),
        _("请从列出的身份中选择；任命有误的，请联系平台系统管理员。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.campus_unknown": (
        _("没有代码为“%(campus)s”的校区。"),
        _("请核对校区代码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.console_code_wrong": (
        _("登记码不正确、已使用过，或不属于您所在的校区，本机未登记。"),
        _("请核对登记码，或请平台系统管理员另发一个。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.profile_missing": (
        _("没有找到学校资料 %(path)s。"),
        _("请核对名称，或给出以 .toml 结尾的文件路径。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.profile_malformed": (
        _("学校资料 %(path)s 无法识别（%(reason)s）。"),
        _("请对照 dlut.toml 改正。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "duty.other_campus": (
        _("这个校区不归您以当前身份所属的机构管，未上岗。"),
        _("请在本机构的校区上岗，或更换办理身份。"),
        HTTPStatus.FORBIDDEN,
    ),
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
    "viewing.reason_missing": (
        _("没有写明理由，未办理。"),
        _("请写明理由后重新提交。"),
        HTTPStatus.BAD_REQUEST,
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
    "console.not_found": (
        _("没有找到这个页面。"),
        _("请核对地址，或从首页重新进入。"),
        HTTPStatus.NOT_FOUND,
    ),
    "console.too_large": (
        _("发送的内容太大，未被接受，没有任何改动。"),
        _("请缩短文字或减少附件（每个不超过 10 MB，至多 5 个）后重新提交。"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    ),
    "people.password_one_time": (
        _("一次性密码只能用来更换密码。"),
        _("请先在网页上登录并设置自己的密码。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.sign_in_busy": (
        _("同时登录的人太多，这次没有核对密码。"),
        _("请稍等几秒再试；这次不计入输错次数。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "people.too_many_attempts": (
        _("这个地址输错密码的次数太多，暂不核对。"),
        _("请过 %(minutes)s 分钟再试；急需使用的，请联系平台系统管理员。"),
        HTTPStatus.TOO_MANY_REQUESTS,
    ),
    "people.password_wrong": (
        _("现在的密码不正确，密码没有更改。"),
        _("请返回重新输入；连续输错五次，账号会锁定十五分钟。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.password_same": (
        _("新密码与现在的密码相同，没有更改。"),
        _("请换一个新密码。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.own_account": (
        _("不能锁定、解锁自己的账号，也不能给自己发一次性密码。"),
        _("请由另一位平台系统管理员办理；更换自己的密码，请到“我的登录”。"),
        HTTPStatus.FORBIDDEN,
    ),
    "people.account_as_asked": (
        _("账号“%(username)s”已经是这个状态。"),
        _("无需再次操作。"),
        HTTPStatus.CONFLICT,
    ),
    "people.text_missing": (
        _("有一项没有填写（%(field)s），没有保存。"),
        _("请补齐后再试。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.text_too_long": (
        _("有一项太长（%(field)s），没有保存。"),
        _("请缩短到 %(longest)s 个字符以内。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.text_invisible": (
        _("有一项含有看不见的控制字符（%(field)s），没有保存。"),
        _("请重新输入，不要粘贴带格式的文字。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "people.not_signed_in": (
        _("没有登录，或登录已经结束。"),
        _("请先登录，再带上登录凭据（Cookie）调用接口。"),
        HTTPStatus.UNAUTHORIZED,
    ),
    "api.not_json": (
        _("接口只接受 JSON，没有任何改动。"),
        _("请以 Content-Type: application/json 发送。"),
        HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    ),
    "api.malformed": (
        _("发送的不是一个完整的 JSON 对象，没有任何改动。"),
        _("请核对 JSON 的写法和编码（UTF-8）。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "api.unknown_field": (
        _("接口没有名为“%(field)s”的字段，没有任何改动。"),
        _("请对照 /api/v1/openapi.json 核对字段名。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "api.fields": (
        _("有字段没有填对，没有任何改动。"),
        _("请按 facts 中各字段的说明改正后重新发送。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "console.stale_form": (
        _("页面停留过久或来自别处，提交未被接受，没有任何改动。"),
        _("请返回上一页，刷新后重新提交。"),
        HTTPStatus.FORBIDDEN,
    ),
    "console.bad_request": (
        _("服务器无法理解这次请求，没有任何改动。"),
        _("请从首页重新进入。"),
        HTTPStatus.BAD_REQUEST,
    ),
    "console.database_away": (
        _("数据库暂时无法连接，此刻不能办理，也不能续期播放；录像不受影响。"),
        _("请稍候片刻再试；若持续出现，请联系平台系统管理员。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
    ),
    "console.internal": (
        _("系统内部出错，这次操作没有完成。"),
        _("请稍后再试；若再次出现，请把页面上的时间和错误码告知平台系统管理员。"),
        HTTPStatus.INTERNAL_SERVER_ERROR,
    ),
}


def words_for(code: str, facts: Mapping[str, Fact] | None = None) -> Words:
    """Return the words of a code with its facts filled in; a code without words is a bug (KeyError)."""
    text, remedy, status = _TABLE[code]
    named = {} if facts is None else facts
    return Words(text=str(text) % named, remedy=str(remedy) % named, status=status)


def words_of_error(error: MingjianError) -> Words:
    """Return the words of an error of ours; those of a room without words say that something inside failed."""
    return words_for(error.code if error.code in _TABLE else "console.internal", error.facts)


def codes() -> frozenset[str]:
    """Return every code that has words."""
    return frozenset(_TABLE)
