"""Who is in the demo, and what a demo home is allowed: known before Django is up."""

from dataclasses import dataclass

from mingjian.host.kept_settings import DEMO_FLOOR_HOURS
from mingjian.people.workflow import Role

# Short, so that a budget of five gigabytes holds far more than the floor; pages label it as a demo's.
FLOOR_HOURS = 2
VIEWING_HOURS = 6
PASSWORD = "mingjian-demo"  # noqa: S105 - public on purpose, and refused outside the loopback
CAMPUS, OTHER_CAMPUS = "lingshui", "panjin"


@dataclass(frozen=True, slots=True)
class Account:
    """One demo account; `task_zh`, `task_en` say what it is there to show."""

    username: str
    display_name: str
    role: Role
    campus: str
    task_zh: str
    task_en: str


ON_SHIFT = Account(
    "zhang", "张值班", Role.OPERATOR, CAMPUS, "在岗操作员：看八路实时画面", "on shift: sees eight cameras live"
)
APPLICANT = Account(
    "wang", "王申请", Role.NONE, "", "获准查阅北门和实验室的录像", "may play footage of gate and laboratory"
)
ACCOUNTS = (
    ON_SHIFT,
    APPLICANT,
    Account("li", "李轮休", Role.OPERATOR, CAMPUS, "不在岗操作员：看不到画面", "off shift: sees nothing"),
    Account("sun", "孙外区", Role.OPERATOR, OTHER_CAMPUS, "别的校区的操作员：看不到", "another campus: sees nothing"),
    Account("zhao", "赵同学", Role.NONE, "", "没有岗位，没有获准：看不到", "no post, no permission: sees nothing"),
)


def settings() -> dict[str, str]:
    """Return what a demo home keeps for all its processes: cameras on the loopback, and the short floor."""
    return {
        DEMO_FLOOR_HOURS: str(FLOOR_HOURS),
        "MINGJIAN_CAMERA_NETWORKS": "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        "MINGJIAN_CAMERA_PORTS": "554,1024-65535",
    }
