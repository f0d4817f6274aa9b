"""Training and the pledge of confidentiality (Articles 8 and 16): who enters them, and who may serve on them.

The text wants staff trained in procedures, in the law and in secrecy, and gives no period. How long either holds, that
a signed pledge belongs to it, who enters them, and that a lapse closes duty only where the school says so, is our
reading and is labelled so.
"""

from dataclasses import dataclass

from mingjian.base.ticks import TICKS_PER_S
from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Decision, Reason, decide
from mingjian.regulation.posts import Post
from mingjian.regulation.rules.appointing import APPOINTERS

# Whose work is with footage: these are trained and have signed.
STAFF = frozenset({Post.OPERATOR, Post.MANAGER, Post.REVIEWER, Post.APPROVER, Post.DUTY_LEADER})
# How many days before a lapse it is told, the longest first; 0 is the lapse itself.
STEPS = (30, 7, 1, 0)
_DAY_90K = 86_400 * TICKS_PER_S


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingFacts:
    """Who would enter or withdraw somebody's training or pledge. `is_in_reach`: it is staff this capacity appoints."""

    recorder_post: Post | None
    is_in_reach: bool
    is_oneself: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ServingFacts:
    """Until when somebody about to begin duty is trained and pledged (None: never was), and what the school set.

    `closes_duty` is the school's own rule that a lapse closes duty.
    """

    trained_until_90k: int | None
    pledged_until_90k: int | None
    closes_duty: bool
    now_90k: int


def may_record(facts: RecordingFacts) -> Decision:
    """Decide whether this capacity enters or withdraws the person's training and pledge (A08.d, A16.2)."""
    obstacles = []
    if facts.is_oneself:
        obstacles.append(_ONESELF)
    if facts.recorder_post not in APPOINTERS or not facts.is_in_reach:
        obstacles.append(_NOT_RESPONSIBLE)
    return decide(grounds=(_ORGANISES, _HAS_TRAINED), obstacles=obstacles)


def may_serve(facts: ServingFacts) -> Decision:
    """Decide whether a lapse of training or pledge closes duty (A08.d, A16.2)."""
    if not facts.closes_duty:
        return Decision(allowed=True, reasons=(_NOT_CLOSING,))
    obstacles = []
    if not is_valid(facts.trained_until_90k, now_90k=facts.now_90k):
        obstacles.append(_UNTRAINED)
    if not is_valid(facts.pledged_until_90k, now_90k=facts.now_90k):
        obstacles.append(_UNPLEDGED)
    return decide(grounds=(_TRAINED, _PLEDGED), obstacles=obstacles)


def is_valid(until_90k: int | None, *, now_90k: int) -> bool:
    """Say whether what holds until an instant (None: was never there) holds now."""
    return until_90k is not None and now_90k < until_90k


def step_of(*, until_90k: int, now_90k: int) -> int | None:
    """Return which step of the warning an instant stands at: 30, 7 or 1 days before the lapse, 0 from it on.

    None: more than thirty days are left. Whoever was away for a step comes to the next one only.
    """
    passed = [step for step in STEPS if now_90k >= until_90k - step * _DAY_90K]
    return passed[-1] if passed else None


_ONESELF = Reason(
    rule=articles.A16_2,
    code="training.oneself",
    text_zh="不能登记或撤销自己的培训和保密承诺。请由另一位有权人员办理。",
    text_en="Nobody enters or withdraws their own training or pledge. Somebody else who appoints does.",
    source=Source.OUR_DEFAULT,
)
_NOT_RESPONSIBLE = Reason(
    rule=articles.A08_D,
    code="training.not_responsible",
    text_zh="您现在的身份不负责此人的培训。请由其所在机构的安全责任人或主要负责人登记。",
    text_en="In this capacity you are not responsible for this person's training. "
    "The safety-responsible person or the head of the body enters it.",
    source=Source.OUR_DEFAULT,
)
_UNTRAINED = Reason(
    rule=articles.A08_D,
    code="training.lapsed",
    text_zh="没有有效的操作规程和法规培训，不能上岗（学校规定）。请参加培训后，由安全责任人登记。",
    text_en="Without valid training nobody begins duty here. Take the training, and have it entered by the "
    "safety-responsible person.",
    source=Source.OUR_DEFAULT,
)
_UNPLEDGED = Reason(
    rule=articles.A16_2,
    code="training.pledge_lapsed",
    text_zh="没有有效的保密承诺书，不能上岗（学校规定）。请签署后，由安全责任人登记。",
    text_en="Without a valid pledge of confidentiality nobody begins duty here. Sign it, and have it entered by the "
    "safety-responsible person.",
    source=Source.OUR_DEFAULT,
)
_ORGANISES = Reason(
    rule=articles.A16_2,
    code="training.organised",
    text_zh="安全责任人组织本单位人员的业务和保密培训。",
    text_en="The safety-responsible person has the staff trained in their work and in secrecy.",
)
_HAS_TRAINED = Reason(
    rule=articles.A08_D,
    code="training.of_staff",
    text_zh="有关人员的培训由所在单位安排并登记。",
    text_en="The body trains its staff and enters it.",
    source=Source.OUR_DEFAULT,
)
_NOT_CLOSING = Reason(
    rule=articles.A08_D,
    code="training.not_closing",
    text_zh="学校没有规定培训失效即停止上岗，只作提示。",
    text_en="The school has not set that a lapse of training closes duty: it is told only.",
    source=Source.OUR_DEFAULT,
)
_TRAINED = Reason(
    rule=articles.A08_D,
    code="training.valid",
    text_zh="培训在有效期内。",
    text_en="The training is valid.",
    source=Source.OUR_DEFAULT,
)
_PLEDGED = Reason(
    rule=articles.A16_2,
    code="training.pledge_valid",
    text_zh="保密承诺书在有效期内。",
    text_en="The pledge of confidentiality is valid.",
    source=Source.OUR_DEFAULT,
)
