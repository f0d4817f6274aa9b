"""From where pictures are taken in: the campus networks only, and never from a system of state secrets."""

from dataclasses import dataclass

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.systems import SystemClass


def may_take_from(*, is_within_networks: bool) -> Decision:
    """Decide on the address of a source (A11.b): every address its name has lies in the networks of the campus."""
    return decide(grounds=(_WITHIN,), obstacles=() if is_within_networks else (_OUTSIDE,))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectingFacts:
    """A system of which a source would be connected, or only known (`has_address` false)."""

    system_class: SystemClass
    has_address: bool


def may_connect(facts: ConnectingFacts) -> Decision:
    """Decide whether the system may be connected as declared (SSL.31.3): a secrecy system is known and no more."""
    if facts.has_address and not facts.system_class.is_recorded_here:
        return decide(grounds=(), obstacles=(SECRECY,))
    return decide(grounds=(_NOT_SECRET if facts.system_class.is_recorded_here else _KNOWN_ONLY,), obstacles=())


SECRECY = Reason(
    rule=articles.SSL_31_3,
    code="connecting.secrecy",
    text_zh="保密监控系统不接入本平台，不能登记视频地址。请只登记点位，画面由保密管理部门另行管理。",
    text_en="Secrecy systems are not connected here. Enter the point without an address; the secrecy office keeps it.",
)
_OUTSIDE = Reason(
    rule=articles.A11_B,
    code="connecting.outside_networks",
    text_zh="视频来源不在校内网段，不能接入。请改用校内光纤网络中的地址。",
    text_en="The source lies outside the campus networks and is not taken in. Use an address of the campus network.",
)
_WITHIN = Reason(
    rule=articles.A11_B,
    code="connecting.within_networks",
    text_zh="视频来源在校内网段。",
    text_en="The source lies in the campus networks.",
    source=Source.OUR_DEFAULT,
)
_NOT_SECRET = Reason(
    rule=articles.SSL_31_3,
    code="connecting.not_secret",
    text_zh="不是保密监控系统，可以接入。",
    text_en="It is no secrecy system and may be connected.",
)
_KNOWN_ONLY = Reason(
    rule=articles.SSL_31_3,
    code="connecting.known_only",
    text_zh="保密监控系统只登记、不接入。",
    text_en="A secrecy system is entered and not connected.",
)
