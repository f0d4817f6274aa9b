"""Who is in the demo, and what a demo home is allowed: known before Django is up."""

from mingjian.host.kept_settings import DEMO_FLOOR_HOURS
from mingjian.people import profile

# Short, so that a budget of five gigabytes holds far more than the floor; pages label it as a demo's.
FLOOR_HOURS = 2
VIEWING_HOURS = 6
PASSWORD = "mingjian-demo"  # noqa: S105 - public on purpose, and refused outside the loopback
# Where the drawn scenes stand.
CAMPUS = "lingshui"

UNIVERSITY = profile.read()
ACCOUNTS = UNIVERSITY.people
ON_SHIFT, APPLICANT = (
    next(account for account in ACCOUNTS if account.username == username) for username in ("zhang", "wang")
)


def settings() -> dict[str, str]:
    """Return what a demo home keeps for all its processes: cameras on the loopback, and the short floor."""
    return {
        DEMO_FLOOR_HOURS: str(FLOOR_HOURS),
        "MINGJIAN_CAMERA_NETWORKS": "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        "MINGJIAN_CAMERA_PORTS": "554,1024-65535",
    }
