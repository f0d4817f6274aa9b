"""The permission matrix (权限矩阵): every action × every role, with the rule it rests on. Tests hold the rules to it.

A cell says what is possible in that capacity on the own campus or in the own unit; a foreign one does not exist for it.
An action that this version does not offer stands here too, and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from mingjian.regulation import articles
from mingjian.regulation.articles import Rule
from mingjian.regulation.roles import Role


class Action(StrEnum):
    """What is asked: a row."""

    WATCH_LIVE = "watch_live"
    APPLY = "apply"
    FORWARD = "forward"
    DECIDE = "decide"
    OBJECT = "object"
    REVIEW = "review"
    CONDUCT = "conduct"
    ALLOW_MORE = "allow_more"
    SEE_FOOTAGE = "see_footage"
    SETTLE_HOLD = "settle_hold"
    READ_LEDGER = "read_ledger"
    COMPLAIN = "complain"
    HANDLE_COMPLAINT = "handle_complaint"
    INQUIRE = "inquire"
    ANSWER_INQUIRY = "answer_inquiry"
    STOP_RECORDING = "stop_recording"
    SHORTEN_RETENTION = "shorten_retention"
    CONSENT_AT_ONCE = "consent_at_once"
    RETRIEVE = "retrieve"
    BUILD = "build"
    TRANSMIT = "transmit"
    DISPOSE = "dispose"


class Verdict(StrEnum):
    """Allowed, refused, or allowed with a ticket only: an approved application of that very person or room."""

    ALLOWED = "allowed"
    REFUSED = "refused"
    TICKET = "ticket"


@dataclass(frozen=True, slots=True)
class Cell:
    """What one role may, the rule that says so, and the condition, if any."""

    verdict: Verdict
    rule: Rule
    condition_zh: str = ""
    condition_en: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One action with a cell per role. `is_offered`: this version has a way to do it."""

    action: Action
    name_zh: str
    name_en: str
    is_offered: bool
    cells: Mapping[Role, Cell]


def _yes(rule: Rule, zh: str = "", en: str = "") -> Cell:
    return Cell(Verdict.ALLOWED, rule, zh, en)


def _no(rule: Rule, zh: str = "", en: str = "") -> Cell:
    return Cell(Verdict.REFUSED, rule, zh, en)


def _ticket(rule: Rule, zh: str, en: str) -> Cell:
    return Cell(Verdict.TICKET, rule, zh, en)


def _cells(otherwise: Cell, given: Mapping[Role, Cell] | None = None) -> Mapping[Role, Cell]:
    """Return a cell per role, in the order of columns: those given, `otherwise` for the rest."""
    return MappingProxyType(dict.fromkeys(Role, otherwise) | dict(given or {}))


def _apart(cell: Cell) -> Mapping[Role, Cell]:
    """Return the same cell for those who stand apart: administrators, the auditor, discipline inspection."""
    return dict.fromkeys((Role.ADMINISTRATOR, Role.AUDITOR, Role.INSPECTOR), cell)


_OWN = ("本人的", "one's own")
_OWN_AND_HANDED = ("本人的，以及交由纪检办理的", "one's own, and what was handed to inspection")
_OF_UNIT = ("本单位的", "of the own unit")
_OF_CAMPUS = ("本校区的", "of the own campuses")
_ALL = ("全部", "all")
_LOOKING_AFTER = ("督查本校区值班", "looking after the duty of the own campuses")
_IN_PERSON = ("以本人身份申请", "applies in person instead")
_FOR_WORK = ("因工作，本校区", "for the work, own campuses")
_NOT_OWN_REFUSAL = ("不是本人的申请，也不是本人作出的不予同意", "neither the own application nor the own refusal")
_NOBODY_ELSE = ("二级管理机构没有其他审核人时，责成重新审批", "where the body has no other reviewer: decide anew")
_NOT_OWN = ("不是本人的申请", "not the own application")
_ONCE_OVER = ("办结且期限已过", "once finished and the promised time is over")
_BESIDE = ("到场，由当班操作员出示", "in the room, shown by the operator on shift")
_NOT_OF_THE_OFFICE = ("不涉及保卫处及其人员", "not about the Security Office or its people")
_PUT_TO_THE_BODY = ("问本机构的，不是本人的操作", "put to the own body, not about the own act")
_TIER_1_SUPERVISES = dict.fromkeys((Role.SUPERVISOR, Role.SCHOOL_PRINCIPAL), _no(articles.A07_1_3B))
_TIER_3_ACCEPTS_NOTHING = dict.fromkeys((Role.UNIT_OPERATOR, Role.UNIT_MANAGER), _no(articles.A15_1_2A))

_ROWS = (
    Row(
        Action.WATCH_LIVE,
        "看本辖区实时画面",
        "Watch live in the own area",
        is_offered=True,
        cells=_cells(
            _no(articles.A18_2),
            {
                Role.UNIT_OPERATOR: _yes(articles.A18_2, "当班，本单位自建点位", "on shift, the unit's own points"),
                Role.UNIT_MANAGER: _yes(articles.A17_1, "本单位自建点位", "the unit's own points"),
                Role.OPERATOR: _yes(articles.A18_2, "当班，值班校区", "on shift, campus of the shift"),
                Role.REVIEWER: _yes(articles.A14_B, *_LOOKING_AFTER),
                Role.PRINCIPAL: _yes(articles.A14_B, *_LOOKING_AFTER),
                **_TIER_1_SUPERVISES,
                **_apart(_no(articles.A14_B)),
            },
        ),
    ),
    Row(
        Action.APPLY,
        "申请查阅",
        "Apply for a viewing",
        is_offered=True,
        cells=_cells(
            _yes(articles.A15_1_1A),
            {
                Role.OPERATOR: _yes(articles.A15_1_1A, *_FOR_WORK),
                Role.REVIEWER: _yes(articles.A15_1_1A, *_FOR_WORK),
                Role.PRINCIPAL: _yes(articles.A15_1_1A, *_FOR_WORK),
                Role.OUTSIDER: _no(articles.A15_1_1B, "先由公安、司法机关受理", "police or a judicial organ first"),
                Role.UNIT_OPERATOR: _no(articles.A15_1_2B, *_IN_PERSON),
                Role.UNIT_MANAGER: _no(articles.A15_1_2B, *_IN_PERSON),
                Role.SUPERVISOR: _no(articles.A07_1_3B, *_IN_PERSON),
                Role.SCHOOL_PRINCIPAL: _no(articles.A07_1_3B, *_IN_PERSON),
                **_apart(_no(articles.A14_C, *_IN_PERSON)),
            },
        ),
    ),
    Row(
        Action.FORWARD,
        "协助并转交申请",
        "Assist and forward an application",
        is_offered=True,
        cells=_cells(
            _no(articles.A15_1_2B),
            {
                Role.UNIT_OPERATOR: _yes(articles.A15_1_2B),
                Role.UNIT_MANAGER: _yes(articles.A15_1_2B),
            },
        ),
    ),
    Row(
        Action.DECIDE,
        "审批查阅",
        "Decide on a viewing",
        is_offered=True,
        cells=_cells(
            _no(articles.A07_2_3),
            {
                **_TIER_3_ACCEPTS_NOTHING,
                Role.REVIEWER: _yes(articles.A07_2_3, *_NOT_OWN),
                Role.PRINCIPAL: _yes(articles.A07_2_3, *_NOT_OWN),
                **_TIER_1_SUPERVISES,
                **_apart(_no(articles.A14_C)),
            },
        ),
    ),
    Row(
        Action.OBJECT,
        "对不予同意申请复核",
        "Object to a refusal",
        is_offered=True,
        cells=_cells(
            _yes(articles.A14_C, "本人的申请，期限内，一次", "the own application, in time, once"),
            {
                Role.OUTSIDER: _no(articles.A15_1_1B),
                **_apart(_no(articles.A14_C, *_IN_PERSON)),
            },
        ),
    ),
    Row(
        Action.REVIEW,
        "复核不予同意",
        "Review a refusal",
        is_offered=True,
        cells=_cells(
            _no(articles.A07_2_3),
            {
                **_TIER_3_ACCEPTS_NOTHING,
                Role.REVIEWER: _yes(articles.A14_C, *_NOT_OWN_REFUSAL),
                Role.PRINCIPAL: _yes(articles.A14_C, *_NOT_OWN_REFUSAL),
                Role.SUPERVISOR: _yes(articles.A07_1_3B, *_NOBODY_ELSE),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A07_1_3B, *_NOBODY_ELSE),
                **_apart(_no(articles.A14_C)),
            },
        ),
    ),
    Row(
        Action.CONDUCT,
        "主持查阅",
        "Conduct a viewing",
        is_offered=True,
        cells=_cells(
            _no(articles.A15_1_3B),
            {
                Role.OPERATOR: _ticket(
                    articles.A15_1_3B, "申请已获准，当班，已核对证件", "approved, on shift, document checked"
                ),
                **_apart(_no(articles.A14_B)),
            },
        ),
    ),
    Row(
        Action.ALLOW_MORE,
        "准予超过三人同时查阅",
        "Let more than three view together",
        is_offered=True,
        cells=_cells(
            _no(articles.A15_1_4B),
            {
                Role.PRINCIPAL: _yes(articles.A15_1_4B, "写明理由", "with a reason on record"),
                Role.SCHOOL_PRINCIPAL: _no(articles.A07_1_3B),
            },
        ),
    ),
    Row(
        Action.SEE_FOOTAGE,
        "看录像",
        "See footage",
        is_offered=True,
        cells=_cells(
            _ticket(articles.A15_1_4A, *_BESIDE),
            {
                Role.OUTSIDER: _no(articles.A15_1_1B),
                Role.OPERATOR: _ticket(articles.A15_1_4A, "主持获准的查阅", "conducting an approved viewing"),
                **_apart(_no(articles.A14_B)),
            },
        ),
    ),
    Row(
        Action.SETTLE_HOLD,
        "解除录像锁定",
        "Let locked footage go",
        is_offered=True,
        cells=_cells(
            _no(articles.A07_2_3),
            {
                **_TIER_3_ACCEPTS_NOTHING,
                Role.REVIEWER: _yes(articles.A07_2_3, *_ONCE_OVER),
                Role.PRINCIPAL: _yes(articles.A07_2_3, *_ONCE_OVER),
                **_TIER_1_SUPERVISES,
                **_apart(_no(articles.A14_C)),
            },
        ),
    ),
    Row(
        Action.READ_LEDGER,
        "查操作日志",
        "Read the ledger",
        is_offered=True,
        cells=_cells(
            _yes(articles.A18_1, *_OWN),
            {
                Role.OUTSIDER: _no(articles.A14_A),
                Role.UNIT_OPERATOR: _yes(articles.A07_3_1, *_OF_UNIT),
                Role.UNIT_MANAGER: _yes(articles.A07_3_1, *_OF_UNIT),
                Role.OPERATOR: _yes(articles.A07_2_3, *_OF_CAMPUS),
                Role.REVIEWER: _yes(articles.A07_2_3, *_OF_CAMPUS),
                Role.PRINCIPAL: _yes(articles.A07_2_3, *_OF_CAMPUS),
                Role.SUPERVISOR: _yes(articles.A07_1_3B, *_ALL),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A07_1_3B, *_ALL),
                Role.AUDITOR: _yes(articles.A18_1, *_ALL),
                Role.INSPECTOR: _yes(articles.A18_1, *_OWN_AND_HANDED),
            },
        ),
    ),
    Row(
        Action.COMPLAIN,
        "投诉、举报",
        "Complain",
        is_offered=True,
        cells=_cells(
            _yes(articles.A07_1_4, "被投诉人不知情，不能办理", "kept from whom it is about"),
            {Role.OUTSIDER: _no(articles.A07_1_4, "当面或书面提出", "in person or in writing instead")},
        ),
    ),
    Row(
        Action.HANDLE_COMPLAINT,
        "办理投诉",
        "Deal with a complaint",
        is_offered=True,
        cells=_cells(
            _no(articles.A07_1_4),
            {
                Role.SUPERVISOR: _yes(articles.A07_1_4, *_NOT_OF_THE_OFFICE),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A07_1_4, *_NOT_OF_THE_OFFICE),
                Role.INSPECTOR: _yes(
                    articles.A07_1_3B, "涉及保卫处及其人员", "about the Security Office or its people"
                ),
            },
        ),
    ),
    Row(
        Action.INQUIRE,
        "提出疑问单",
        "Put a query",
        is_offered=True,
        cells=_cells(_no(articles.A18_1), {Role.AUDITOR: _yes(articles.A18_1, "只问不改", "asks, changes nothing")}),
    ),
    Row(
        Action.ANSWER_INQUIRY,
        "答复疑问单",
        "Answer a query",
        is_offered=True,
        cells=_cells(
            _no(articles.A07_1_3B),
            {
                Role.UNIT_MANAGER: _yes(articles.A07_1_3B, *_PUT_TO_THE_BODY),
                Role.PRINCIPAL: _yes(articles.A07_1_3B, *_PUT_TO_THE_BODY),
                Role.SUPERVISOR: _yes(articles.A07_1_3B, *_PUT_TO_THE_BODY),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A07_1_3B, *_PUT_TO_THE_BODY),
                Role.INSPECTOR: _yes(articles.A07_1_3B, "涉及保卫处人员行为", "about conduct in the Security Office"),
            },
        ),
    ),
    Row(
        Action.STOP_RECORDING,
        "暂停或停止录像",
        "Pause or stop recording",
        is_offered=False,
        cells=_cells(_no(articles.A13_B)),
    ),
    Row(
        Action.SHORTEN_RETENTION,
        "缩短保存期",
        "Shorten retention below the floor",
        is_offered=False,
        cells=_cells(_no(articles.A13_C)),
    ),
    Row(
        Action.CONSENT_AT_ONCE,
        "突发事件中同意即时查阅",
        "Consent to viewing at once in an emergency",
        is_offered=False,
        cells=_cells(
            _no(articles.A15_1_5),
            {
                Role.PRINCIPAL: _yes(articles.A15_1_5, "本校区", "own campuses"),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A15_1_5),
            },
        ),
    ),
    Row(
        Action.RETRIEVE,
        "审批调取、导出",
        "Decide on retrieval and export",
        is_offered=False,
        cells=_cells(
            _no(articles.A15_2_2A),
            {
                Role.UNIT_OPERATOR: _no(articles.A07_2_3),
                Role.UNIT_MANAGER: _no(articles.A07_2_3),
                Role.OPERATOR: _ticket(articles.A15_2_1A, "经审批后执行", "carries out what was approved"),
                Role.REVIEWER: _yes(articles.A15_2_1A),
                Role.PRINCIPAL: _yes(articles.A15_2_1A),
                **_TIER_1_SUPERVISES,
                **_apart(_no(articles.A14_C)),
            },
        ),
    ),
    Row(
        Action.BUILD,
        "审批自建、科研系统",
        "Approve unit-built and research systems",
        is_offered=False,
        cells=_cells(
            _no(articles.A12_A),
            {
                Role.UNIT_MANAGER: _no(articles.A12_A, "只能申报", "declares only"),
                Role.REVIEWER: _yes(articles.A12_A),
                Role.PRINCIPAL: _yes(articles.A12_A),
                Role.SUPERVISOR: _no(articles.A07_1_3A, "可撤销", "may revoke"),
                Role.SCHOOL_PRINCIPAL: _no(articles.A07_1_3A, "可撤销", "may revoke"),
            },
        ),
    ),
    Row(
        Action.TRANSMIT,
        "审批无线或对外传输",
        "Approve wireless or outside transmission",
        is_offered=False,
        cells=_cells(
            _no(articles.A11_C),
            {
                Role.SUPERVISOR: _no(articles.A11_D, "只作评估", "evaluates only"),
                Role.SCHOOL_PRINCIPAL: _yes(articles.A11_D),
            },
        ),
    ),
    Row(
        Action.DISPOSE,
        "期满前删除调取的录像",
        "Delete retrieved footage before its time",
        is_offered=False,
        cells=_cells(_no(articles.A15_2_3C)),
    ),
)
ROWS: Mapping[Action, Row] = MappingProxyType({row.action: row for row in _ROWS})
