"""The words behind a code: what happened and what to do, in the reader's language, with the HTTP status."""

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from mingjian.base.errors import MingjianError
from mingjian.console.message_rows import Row
from mingjian.console.oversight_messages import OVERSIGHT
from mingjian.console.people_messages import PEOPLE
from mingjian.console.registry_messages import REGISTRY
from mingjian.console.viewing_messages import VIEWING

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
    "duty.other_campus": (
        _("这个校区不归您以当前身份所属的机构管，未上岗。"),
        _("请在本机构的校区上岗，或更换办理身份。"),
        HTTPStatus.FORBIDDEN,
    ),
    **OVERSIGHT,
    **PEOPLE,
    **REGISTRY,
    **VIEWING,
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
    "console.too_many_large": (
        _("同时上传附件的人太多，这次没有接收。"),
        _("请过一分钟再试；填写的内容请先保留。"),
        HTTPStatus.SERVICE_UNAVAILABLE,
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
    "console.changed_meanwhile": (
        _("另有人正在修改同一内容，这次操作没有完成，没有任何改动。"),
        _("请刷新页面，核对后再试一次。"),
        HTTPStatus.CONFLICT,
    ),
    "console.internal": (
        _("系统内部出错，这次操作没有完成。"),
        _("请稍后再试；若再次出现，请把页面上的时间和错误码告知平台系统管理员。"),
        HTTPStatus.INTERNAL_SERVER_ERROR,
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
