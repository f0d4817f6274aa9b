"""The demo's people, cameras and permissions, entered by the same use-cases as real ones. Safe to repeat."""

from dataclasses import dataclass

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.demo import simulated_cameras
from mingjian.demo.scenes import SCENES
from mingjian.duty import queries as duty_queries
from mingjian.duty import usecases as duty
from mingjian.grants import sealing
from mingjian.host.home import Home
from mingjian.people import acts
from mingjian.people import usecases as people
from mingjian.people.models import Campus, Person
from mingjian.people.workflow import Role
from mingjian.registry import queries as registry_queries
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera
from mingjian.registry.networks import CameraNetworks
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Status

HOUR_90K = 3600 * TICKS_PER_S
# Short enough that five gigabytes hold it, long enough to play with; pages label it as a demo's.
FLOOR_HOURS = 6
PASSWORD = "mingjian-demo"  # noqa: S105 - public on purpose, and refused outside the loopback
_VIEWED_SCENES = ("gate", "laboratory")


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
    "zhang", "张值班", Role.OPERATOR, Campus.LINGSHUI, "在岗操作员：看八路实时画面", "on shift: sees eight live cameras"
)
APPLICANT = Account(
    "wang", "王申请", Role.NONE, "", "获准查阅北门和实验室的录像", "may play footage of gate and laboratory"
)
ACCOUNTS = (
    ON_SHIFT,
    APPLICANT,
    Account("li", "李轮休", Role.OPERATOR, Campus.LINGSHUI, "不在岗操作员：看不到画面", "off shift: sees nothing"),
    Account("sun", "孙外区", Role.OPERATOR, Campus.PANJIN, "别的校区的操作员：看不到", "another campus: sees nothing"),
    Account("zhao", "赵同学", Role.NONE, "", "没有岗位，没有获准：看不到", "no post, no permission: sees nothing"),
)


def settings() -> dict[str, str]:
    """Return what a demo home keeps for all its processes: cameras on the loopback, and the short floor."""
    return {
        "MINGJIAN_DEMO_FLOOR_HOURS": str(FLOOR_HOURS),
        "MINGJIAN_CAMERA_NETWORKS": "127.0.0.0/8,10.0.0.0/8,172.16.0.0/12,192.168.0.0/16",
        "MINGJIAN_CAMERA_PORTS": "554,1024-65535",
    }


def install(home: Home, *, clock: Clock) -> None:
    """Enter what is missing: accounts, eight cameras, an open shift, one permission to play."""
    for account in ACCOUNTS:
        _ensure_person(account, clock=clock)
    _ensure_cameras(home, clock=clock)
    operator = Person.objects.get(username=ON_SHIFT.username)
    if duty_queries.open_shift(person=operator) is None:
        duty.start_shift(person=operator, actor=acts.SHELL, clock=clock)
    _ensure_permission(clock=clock)


def _ensure_person(account: Account, *, clock: Clock) -> None:
    if Person.objects.filter(username=account.username).exists():
        return
    people.create_person(
        username=account.username,
        display_name=account.display_name,
        role=account.role,
        campus=account.campus,
        password=PASSWORD,
        actor=acts.SHELL,
        clock=clock,
    )


def _ensure_cameras(home: Home, *, clock: Clock) -> None:
    site = simulated_cameras.site_of(home)
    known = {camera.name: camera for camera in registry_queries.cameras_in_operation()}
    for scene in SCENES:
        camera = known.get(scene.name)
        if camera is not None and camera.main_address == site.address(scene):
            continue
        if camera is not None:  # the site has moved to another port
            registry.retire_camera(camera=camera, actor=acts.SHELL, clock=clock)
        registry.register_camera(
            point=registry.CameraPoint(
                name=scene.name,
                campus=Campus.LINGSHUI,
                building=scene.building,
                owner=scene.owner,
                main_address=site.address(scene),
                user=site.account.user,
                password=site.account.password,
                is_key_location=scene.is_key_location,
            ),
            networks=CameraNetworks.from_environ(),
            credential_key=sealing.load_key(home),
            actor=acts.SHELL,
            clock=clock,
        )


def _ensure_permission(*, clock: Clock) -> None:
    """Let the applicant play from now on, or from an hour ago where there is footage already, for six hours."""
    now_90k = clock.utc()
    applicant = Person.objects.get(username=APPLICANT.username)
    sessions = ViewingSession.objects.filter(person=applicant)
    if any(session.status_at(now_90k=now_90k) is Status.OPEN for session in sessions):
        return
    names = [scene.name for scene in SCENES if scene.key in _VIEWED_SCENES]
    cameras = list(Camera.objects.filter(name__in=names, retired_at_90k__isnull=True))
    since_90k = max(now_90k - HOUR_90K, max(camera.created_at_90k for camera in cameras))
    viewing.issue_session(
        person=applicant,
        cameras=cameras,
        start_90k=since_90k,
        end_90k=since_90k + FLOOR_HOURS * HOUR_90K,
        purpose="演示：核对北门和实验室的进出情况",
        valid_until_90k=now_90k + 24 * HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )
