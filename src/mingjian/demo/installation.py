"""The demo's people, cameras and permissions, entered by the same use-cases as real ones. Safe to repeat."""

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.demo import matters, simulated_cameras, trainings
from mingjian.demo.cast import ACCOUNTS, APPLICANT, CAMPUS, ON_SHIFT, PASSWORD, VIEWING_HOURS
from mingjian.demo.scenes import SCENES, Scene
from mingjian.demo.simulated_cameras import CameraSite
from mingjian.duty import queries as duty_queries
from mingjian.duty import usecases as duty
from mingjian.grants import sealing
from mingjian.host.home import Home
from mingjian.people import acts, appointing
from mingjian.people import usecases as people
from mingjian.people.appointing import Term
from mingjian.people.capacity import first_capacity
from mingjian.people.models import Person
from mingjian.people.profile import PersonEntry
from mingjian.registry import queries as registry_queries
from mingjian.registry import usecases as registry
from mingjian.registry.models import Camera, PlanRevision
from mingjian.registry.networks import CameraNetworks
from mingjian.regulation.posts import Post
from mingjian.viewing import usecases as viewing
from mingjian.viewing.models import ViewingSession
from mingjian.viewing.workflow import Status

HOUR_90K = 3600 * TICKS_PER_S
# A camera registered now has pictures within this time: the permitted span opens with footage, not with a gap.
FIRST_PICTURES_90K = 10 * TICKS_PER_S
_VIEWED_SCENES = ("gate", "laboratory")


def install(home: Home, *, clock: Clock) -> None:
    """Enter what is missing: accounts, training, eight cameras, an open shift, one permission to play."""
    for account in ACCOUNTS:
        _ensure_person(account, clock=clock)
    trainings.ensure(clock=clock)
    _ensure_cameras(home, clock=clock)
    operator = Person.objects.get(username=ON_SHIFT.username)
    if duty_queries.open_shift(person=operator) is None:
        acting = first_capacity(operator, now_90k=clock.utc())
        duty.start_shift(acting=acting, campus=CAMPUS, actor=acts.SHELL, clock=clock)
    _ensure_permission(clock=clock)
    matters.install(clock=clock)


def _ensure_person(account: PersonEntry, *, clock: Clock) -> None:
    person = Person.objects.filter(username=account.username).first()
    if person is None:
        person = people.create_person(
            username=account.username, display_name=account.name, password=PASSWORD, actor=acts.SHELL, clock=clock
        )
    term = Term(since_90k=clock.utc(), until_90k=None, document="演示任命")
    for post, body in account.appointments:
        if not person.appointments.filter(post=post, body=body).exists():
            appointing.appoint(
                person=person, post=Post(post), body=body, term=term, appointed_by=None, actor=acts.SHELL, clock=clock
            )


def _ensure_cameras(home: Home, *, clock: Clock) -> None:
    site = simulated_cameras.site_of(home)
    known = {camera.name: camera for camera in registry_queries.cameras_in_operation()}
    moved = 0
    for scene in SCENES:
        camera = known.get(scene.name)
        if camera is not None and camera.main_address == site.address(scene):
            continue
        if camera is not None:
            registry.retire_camera(camera=camera, actor=acts.SHELL, clock=clock)
            moved += 1
        _register(scene, site, home, clock=clock)
    published = PlanRevision.objects.filter(published_at_90k__isnull=False).order_by("-revision").first()
    if moved and published is not None:
        # The site listens on another port: eight cameras go and eight come, which the recorder would question.
        registry.confirm_plan_shrink(revision=published.revision, actor=acts.SHELL, clock=clock)


def _register(scene: Scene, site: CameraSite, home: Home, *, clock: Clock) -> None:
    registry.register_camera(
        point=registry.CameraPoint(
            name=scene.name,
            campus=CAMPUS,
            building=scene.building,
            owner=scene.owner,
            system_class=scene.system_class,
            purpose=scene.purpose,
            field_of_view=scene.field_of_view,
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
    """Let the applicant play the last hour and the next ones; where nothing is recorded yet, from when it will be."""
    now_90k = clock.utc()
    applicant = Person.objects.get(username=APPLICANT.username)
    names = [scene.name for scene in SCENES if scene.key in _VIEWED_SCENES]
    cameras = list(Camera.objects.filter(name__in=names, retired_at_90k__isnull=True))
    for session in ViewingSession.objects.filter(person=applicant).prefetch_related("cameras"):
        if session.status_at(now_90k=now_90k) is Status.OPEN and set(session.cameras.all()) == set(cameras):
            return
    recorded_90k = max(camera.created_at_90k for camera in cameras) + FIRST_PICTURES_90K
    since_90k = max(now_90k - HOUR_90K, recorded_90k)
    viewing.issue_session(
        person=applicant,
        cameras=cameras,
        start_90k=since_90k,
        end_90k=since_90k + VIEWING_HOURS * HOUR_90K,
        purpose="演示：核对北门和实验室的进出情况",
        valid_until_90k=now_90k + 24 * HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )
