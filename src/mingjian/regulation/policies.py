"""Policy values (规定值): what the text leaves to the university, with unit, default, bounds and whose bounds they are.

A number of the regulation or of national law is a bound here and never a value that anybody sets lower. Which value is
in force, since when and by whom, is kept as versions by the room of people; here is only what may be said of each.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from mingjian.base.ticks import TICKS_PER_S
from mingjian.regulation import articles
from mingjian.regulation.articles import CATALOGUE, Rule, Source, Standing, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """One value that tier 1 may set within [least, most].

    `floor_rule` is the rule that forbids less, where it is law and not our default. A switch counts 0 (off) and 1 (on);
    a choice counts through `choices`, each in Chinese and English.
    `standing` says whether this version acts on the value or keeps it for a room to come.
    """

    name: str
    label_zh: str
    label_en: str
    unit: Unit
    default: int
    least: int
    most: int
    rule: Rule
    floor_rule: Rule | None = None
    standing: Standing = Standing.IN_FORCE
    choices: Mapping[int, tuple[str, str]] = field(default_factory=dict)

    @property
    def floor_source(self) -> Source:
        """Whose the lower bound is."""
        if self.floor_rule is None:
            return Source.OUR_DEFAULT
        return Source.REGULATION if self.floor_rule.provision.law is None else Source.NATIONAL_LAW

    def within(self, value: int) -> int:
        """Return the value, or the bound it oversteps: what is no longer allowed is never acted on."""
        return min(max(value, self.least), self.most)


# The two profiles of rules for passwords.
ASVS_PASSWORDS, GB_PASSWORDS = 0, 1

_OWN = (
    Policy(
        name="retention_ordinary",
        label_zh="一般点位的录像保存期",
        label_en="retention at ordinary places",
        unit=Unit.DAY,
        default=30,
        least=articles.A13_C.numbers[0].value,
        most=365,
        rule=articles.A13_C,
        floor_rule=articles.D799_17,
    ),
    Policy(
        name="retention_key_location",
        label_zh="重点部位的录像保存期",
        label_en="retention at key locations",
        unit=Unit.DAY,
        default=90,
        least=articles.A13_D.numbers[0].value,
        most=730,
        rule=articles.A13_D,
        floor_rule=articles.A13_D,
    ),
    Policy(
        name="application_hold",
        label_zh="提交申请后录像锁定",
        label_en="footage locked once applied for",
        unit=Unit.DAY,
        default=30,
        least=7,
        most=366,
        rule=articles.A14_C,
    ),
    Policy(
        name="objection_period",
        label_zh="不予同意后可以申请复核",
        label_en="time to object to a refusal",
        unit=Unit.DAY,
        default=7,
        least=3,
        most=60,
        rule=articles.A14_C,
    ),
    Policy(
        name="case_hold",
        label_zh="查阅后案（事）件在办，录像锁定",
        label_en="footage locked for a case that goes on",
        unit=Unit.DAY,
        default=30,
        least=7,
        most=366,
        rule=articles.A14_C,
    ),
    Policy(
        name="keeping_usual",
        label_zh="继续锁定，通常每次",
        label_en="keeping footage locked, usually",
        unit=Unit.DAY,
        default=30,
        least=1,
        most=180,
        rule=articles.A14_C,
    ),
    Policy(
        name="keeping_longest",
        label_zh="继续锁定，每次最长",
        label_en="keeping footage locked, at most",
        unit=Unit.DAY,
        default=180,
        least=1,
        most=366,
        rule=articles.A14_C,
    ),
    Policy(
        name="approval_usual",
        label_zh="同意查阅后通常的有效期",
        label_en="validity of an approval, usually",
        unit=Unit.DAY,
        default=3,
        least=1,
        most=30,
        rule=articles.A14_C,
    ),
    Policy(
        name="approval_longest",
        label_zh="同意查阅后最长的有效期",
        label_en="validity of an approval, at most",
        unit=Unit.DAY,
        default=30,
        least=1,
        most=90,
        rule=articles.A14_C,
    ),
    Policy(
        name="window_longest",
        label_zh="一份申请的时段最长",
        label_en="longest span of one application",
        unit=Unit.HOUR,
        default=24,
        least=1,
        most=168,
        rule=articles.A15_1_1A,
    ),
    Policy(
        name="window_oldest",
        label_zh="申请的时段最早在多久以前",
        label_en="how far back an application may reach",
        unit=Unit.DAY,
        default=366,
        least=30,
        most=3660,
        rule=articles.A15_1_1A,
    ),
    Policy(
        name="session_longest",
        label_zh="一次查阅最长",
        label_en="longest viewing session",
        unit=Unit.HOUR,
        default=4,
        least=1,
        most=12,
        rule=articles.A15_1_3B,
    ),
    Policy(
        name="pledge_at_desk",
        label_zh="查阅前由本人承诺守纪",
        label_en="pledge before a viewing",
        unit=Unit.SWITCH,
        default=1,
        least=0,
        most=1,
        rule=articles.A19_1,
    ),
    Policy(
        name="idle_time",
        label_zh="无人操作即退出登录",
        label_en="idle time before signing out",
        unit=Unit.MINUTE,
        default=15,
        least=5,
        most=30,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="sessions_at_once",
        label_zh="一人同时登录",
        label_en="sessions of one person at once",
        unit=Unit.TIMES,
        default=8,
        least=1,
        most=32,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="lock_out_after",
        label_zh="连续输错密码即锁定",
        label_en="wrong passwords before an account locks",
        unit=Unit.TIMES,
        default=5,
        least=3,
        most=10,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="lock_out_time",
        label_zh="输错密码锁定",
        label_en="how long an account locks",
        unit=Unit.MINUTE,
        default=15,
        least=5,
        most=1440,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="password_profile",
        label_zh="密码规则",
        label_en="rules for passwords",
        unit=Unit.CHOICE,
        default=ASVS_PASSWORDS,
        least=ASVS_PASSWORDS,
        most=GB_PASSWORDS,
        rule=articles.D799_16_2,
        choices={
            ASVS_PASSWORDS: ("asvs：够长、不常见，不定期更换", "asvs: long, not common, no change for its own sake"),
            GB_PASSWORDS: (
                "gb：另要求三类字符、定期更换、不重复旧密码",
                "gb: also three kinds of characters, an age, no old one",
            ),
        },
    ),
    Policy(
        name="password_age",
        label_zh="密码规则为 gb 时，密码最长使用",
        label_en="longest life of a password under the gb rules",
        unit=Unit.DAY,
        default=90,
        least=30,
        most=180,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="password_history",
        label_zh="密码规则为 gb 时，不得重复最近",
        label_en="passwords that may not come back under the gb rules",
        unit=Unit.TIMES,
        default=5,
        least=1,
        most=10,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="leavers_at_once",
        label_zh="离校名单一日内停用账号，超过须由人确认",
        label_en="accounts that lists of leavers close in a day without a person's consent",
        unit=Unit.PERCENT,
        default=5,
        least=1,
        most=50,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="proof_time",
        label_zh="二次验证后有效",
        label_en="how long a second factor holds",
        unit=Unit.MINUTE,
        default=10,
        least=1,
        most=60,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="proof_on_console",
        label_zh="在控制室终端上二次验证后有效",
        label_en="how long a second factor holds on a control-room console",
        unit=Unit.HOUR,
        default=12,
        least=1,
        most=24,
        rule=articles.D799_16_2,
    ),
    Policy(
        name="complaint_answer",
        label_zh="投诉办结",
        label_en="time to answer a complaint",
        unit=Unit.DAY,
        default=30,
        least=5,
        most=90,
        rule=articles.A07_1_4,
    ),
    Policy(
        name="inquiry_answer",
        label_zh="疑问单答复",
        label_en="time to answer an auditor's query",
        unit=Unit.DAY,
        default=7,
        least=1,
        most=30,
        rule=articles.A18_1,
    ),
    Policy(
        name="pledge_validity",
        label_zh="保密承诺书有效期",
        label_en="validity of the pledge of confidentiality",
        unit=Unit.MONTH,
        default=12,
        least=1,
        most=60,
        rule=articles.A16_2,
    ),
    Policy(
        name="training_closes_duty",
        label_zh="培训或保密承诺失效即不能上岗",
        label_en="lapsed training or pledge closes duty",
        unit=Unit.SWITCH,
        default=0,
        least=0,
        most=1,
        rule=articles.A08_D,
    ),
    Policy(
        name="delegation_longest",
        label_zh="职务委托一次最长",
        label_en="longest delegation of a post",
        unit=Unit.DAY,
        default=30,
        least=1,
        most=183,
        rule=articles.A14_C,
    ),
    Policy(
        name="staff_distinct",
        label_zh="管理员和操作员不由一人兼任",
        label_en="manager and operator are different persons",
        unit=Unit.SWITCH,
        default=1,
        least=0,
        most=1,
        rule=articles.A08_B,
    ),
    Policy(
        name="unit_pre_sign",
        label_zh="申请先经本单位签署意见",
        label_en="the applicant's unit signs first",
        unit=Unit.SWITCH,
        default=0,
        least=0,
        most=1,
        rule=articles.A15_1_1A,
        standing=Standing.LATER,
    ),
    Policy(
        name="retention_margin",
        label_zh="保存期满后最迟清除",
        label_en="deleted at the latest after retention ends",
        unit=Unit.DAY,
        default=7,
        least=0,
        most=365,
        rule=articles.D799_17B,
        standing=Standing.LATER,
    ),
)
# Figures of the catalogue that are ours, (least, most); those acted on already, the others wait for their room.
_ACTED_ON = frozenset({"training_validity"})
_BOUNDS = {
    "handover_period": (1, 365),
    "training_validity": (1, 60),
    "exception_validity": (1, 60),
    "consent_confirmation": (1, 72),
    "unclassified_review": (1, 366),
    "rules_review": (1, 60),
    "report_time": (1, 60),
    "fault_open": (1, 90),
    "dismantling_period": (1, 180),
}


def _of_catalogue() -> list[Policy]:
    return [
        Policy(
            name=number.name,
            label_zh=number.label_zh,
            label_en=number.label_en,
            unit=number.unit,
            default=number.value,
            least=_BOUNDS[number.name][0],
            most=_BOUNDS[number.name][1],
            rule=rule,
            standing=Standing.IN_FORCE if number.name in _ACTED_ON else Standing.LATER,
        )
        for rule in CATALOGUE.values()
        for number in rule.numbers
        if number.source is Source.OUR_DEFAULT
    ]


POLICIES: Mapping[str, Policy] = {policy.name: policy for policy in (*_OWN, *_of_catalogue())}
_SECONDS = {Unit.MINUTE: 60, Unit.HOUR: 3600, Unit.DAY: 86_400}
# (lesser, greater): values that make no sense the other way round.
ORDERED = (
    ("retention_ordinary", "retention_key_location"),
    ("keeping_usual", "keeping_longest"),
    ("approval_usual", "approval_longest"),
)


@dataclass(frozen=True, slots=True)
class Book:
    """The values in force at one instant. `version`: how many rulings had come into force by then."""

    version: int
    rulings: Mapping[str, int]

    def value(self, name: str) -> int:
        """Return a value: what was ruled, held within today's bounds, or our default. Raises KeyError."""
        policy = POLICIES[name]
        return policy.within(self.rulings.get(name, policy.default))

    def ticks(self, name: str) -> int:
        """Return a value that counts minutes, hours or days in 90 kHz ticks. Raises KeyError for others."""
        return self.value(name) * _SECONDS[POLICIES[name].unit] * TICKS_PER_S

    def is_on(self, name: str) -> bool:
        """Return a switch."""
        return self.value(name) == 1

    def with_value(self, name: str, value: int) -> "Book":
        """Return the book as it would be."""
        return replace(self, rulings={**self.rulings, name: value})


DEFAULTS = Book(version=0, rulings={})
