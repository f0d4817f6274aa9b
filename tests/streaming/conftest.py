"""A deployment whose footage, keys, plan, ledger and media server are real; only the camera and the web are absent."""

import contextlib
import importlib.util
import io
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import psycopg
import pytest
import uvicorn
from PIL import Image, ImageDraw
from psycopg import sql

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.grants import signing, token
from mingjian.grants.claims import LEASE_90K, Grant, GrantedCamera, Purpose
from mingjian.grants.signing import KeyPurpose, Signer
from mingjian.host import database, deployment, secrets
from mingjian.host.database import DatabaseAddress, Role
from mingjian.host.deployment import Deployment
from mingjian.host.home import Home
from mingjian.host.postgres import Cluster
from mingjian.ledger import canonical
from mingjian.ledger import schema as ledger_schema
from mingjian.media import coding
from mingjian.media.fmp4_writer import codec_string, fragment, init_segment
from mingjian.media.samples import Codec, Sample, VideoFormat
from mingjian.media.timing import DecodeOrder
from mingjian.recordings import plan_paper
from mingjian.recordings.index import Index, PlannedStream, keeping
from mingjian.recordings.model import (
    FLAG_SYNC_FIRST,
    GapCause,
    RecordingOpened,
    RunEnded,
    RunStarted,
    StreamKey,
    StreamRole,
)
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream
from mingjian.recordings.volume import Volume
from mingjian.recordings.writer import RecordingWriter
from mingjian.streaming import server

S = TICKS_PER_S
FPS = 10
SESSION_KEY = "s" * 32
REVOCATIONS = """
CREATE TABLE media_revocation (key varchar(64) PRIMARY KEY, revoked_at_90k bigint NOT NULL, reason text NOT NULL);
GRANT SELECT ON media_revocation TO mingjian_streaming;
CREATE TABLE media_spooled (record varchar(160) PRIMARY KEY, entered_at timestamptz DEFAULT clock_timestamp());
GRANT SELECT, INSERT ON media_spooled TO mingjian_streaming;
GRANT USAGE ON SCHEMA public TO mingjian_streaming;
"""


@dataclass(frozen=True, slots=True)
class Clip:
    """A short coded film that may be laid end to end: its format, and pictures in decoding order."""

    fmt: VideoFormat
    pictures: list[coding.EncodedPicture]

    def samples(self, *, start_90k: int, seconds: int) -> list[Sample]:
        """Return samples of that many seconds on the timeline, the first picture shown at the start."""
        order = DecodeOrder(reorder_depth=self.fmt.reorder_depth)
        count = seconds * FPS
        made: list[Sample] = []
        for place in range(count):
            lap, number = divmod(place, len(self.pictures))
            picture = self.pictures[number]
            pts = start_90k + (lap * len(self.pictures) + picture.number) * S // FPS
            made += order.push(pts_90k=pts, data=picture.data, is_sync=picture.is_sync)
        return made + order.flush()


def _clip(codec: Codec, *, reorder: int, bitrate_bps: int = 200_000) -> Clip:
    frames = []
    for number in range(2 * FPS):
        frame = Image.new("RGB", (320, 180), (30, 60, 20 + number * 5))
        if bitrate_bps > 1_000_000:
            frame = Image.effect_noise((640, 360), 90 + number).convert("RGB")
        ImageDraw.Draw(frame).rectangle([number * 10, 60, number * 10 + 40, 120], fill=(230, 220, 90))
        frames.append(frame)
    fmt, pictures = coding.encode_pictures(
        frames, codec=codec, fps=FPS, bitrate_bps=bitrate_bps, gop=FPS, reorder=reorder
    )
    return Clip(fmt, pictures)


@pytest.fixture(scope="session")
def clips() -> dict[str, Clip]:
    """Films: "h264", "h264-b" with reordering, "h264-heavy" of 8 Mbit/s, "h265", "mjpeg"."""
    return {
        "h264": _clip(Codec.H264, reorder=0),
        "h264-b": _clip(Codec.H264, reorder=2),
        "h264-heavy": _clip(Codec.H264, reorder=0, bitrate_bps=8_000_000),
        "h265": _clip(Codec.H265, reorder=0),
        "mjpeg": _jpeg_clip(),
    }


def _jpeg_clip() -> Clip:
    pictures = []
    for number in range(2 * FPS):
        file = io.BytesIO()
        Image.new("RGB", (320, 180), (30, 60, 20 + number * 5)).save(file, "jpeg")
        pictures.append(coding.EncodedPicture(number, file.getvalue(), True))
    return Clip(VideoFormat(Codec.MJPEG, 320, 180, (), 0), pictures)


@dataclass
class Growing:
    """A recording being written."""

    campus: "Campus"
    stream: StreamKey
    clip: Clip
    start_90k: int
    writer: RecordingWriter
    run_id: str
    seconds: int = 0

    def grow(self, seconds: int) -> None:
        """Append so many seconds in fragments of half a second."""
        start = self.start_90k + self.seconds * S
        samples = self.clip.samples(start_90k=start, seconds=seconds)
        for number, first in enumerate(range(0, len(samples), FPS // 2)):
            part = samples[first : first + FPS // 2]
            self.writer.append(
                fragment(sequence=self.seconds * 2 + number + 1, samples=part),
                first_pts_90k=part[0].pts_90k,
                first_dts_90k=part[0].dts_90k,
                duration_90k=sum(sample.duration_90k for sample in part),
                samples=len(part),
                flags=FLAG_SYNC_FIRST if part[0].is_sync else 0,
            )
        self.seconds += seconds

    def close(self) -> None:
        """End the file; the run goes on."""
        self.campus.index.apply(self.writer.close())

    def end_run(self, cause: GapCause) -> None:
        """End the file and the run."""
        self.close()
        self.campus.index.apply(RunEnded(self.run_id, self.stream, self.start_90k + self.seconds * S, cause, "test"))


@dataclass
class Campus:
    """Footage and grants of one home."""

    home: Home
    deployment: Deployment
    grant_signer: Signer
    plan_signer: Signer
    volume: Volume
    index: Index
    clips: dict[str, Clip]
    cameras: list[str] = field(default_factory=list)

    def new_camera(self) -> str:
        """Add a camera to the plan."""
        self.cameras.append(ids.new_id())
        self.publish()
        return self.cameras[-1]

    def publish(self) -> None:
        """Write the plan."""
        plan = Plan(
            version=PLAN_VERSION,
            deployment_id=self.deployment.deployment_id,
            epoch=1,
            revision=1,
            issued_at_90k=SystemClock().utc(),
            cameras=tuple(self._planned(camera, slot) for slot, camera in enumerate(self.cameras)),
            volumes=(PlannedVolume(self.volume.identity.volume_id, str(self.volume.path), 0),),
            holds=(),
            released_holds=(),
            allowed_networks=("127.0.0.0/8",),
            allowed_ports=((1, 65535),),
            is_demo=False,
            purge_ceiling_days=None,
        )
        plan_paper.write_atomically(self.home.plan, plan_paper.encode(plan, signer=self.plan_signer))
        streams = [StreamKey(camera, role, "video") for camera in self.cameras for role in StreamRole]
        self.index.expect([PlannedStream(stream, 0, 0) for stream in streams])

    def begin(
        self,
        camera: str,
        *,
        start_90k: int,
        film: str = "h264",
        role: StreamRole = StreamRole.MAIN,
        run_id: str | None = None,
        cause_before: GapCause = GapCause.CAMERA_SILENT,
    ) -> Growing:
        """Open a recording; without `run_id` in a run of its own."""
        clip, stream, recording_id = self.clips[film], StreamKey(camera, role, "video"), ids.new_id()
        fmt = clip.fmt
        if run_id is None:
            run_id = ids.new_id()
            size = (fmt.codec.value, fmt.width, fmt.height)
            self.index.apply(RunStarted(run_id, stream, start_90k, cause_before, True, *size, None, "w0"))
        writer = RecordingWriter(
            volume=self.volume, stream=stream, run_id=run_id, recording_id=recording_id, init=init_segment(fmt)
        )
        shape = (fmt.codec.value, codec_string(fmt), fmt.width, fmt.height)
        self.index.apply(RecordingOpened(recording_id, run_id, stream, start_90k, *shape))
        return Growing(self, stream, clip, start_90k, writer, run_id)

    def record(self, camera: str, *, start_90k: int, seconds: int, **options: object) -> None:
        """Write a whole run of so many seconds."""
        growing = self.begin(camera, start_90k=start_90k, **options)
        growing.grow(seconds)
        growing.end_run(GapCause.CAMERA_SILENT)

    def grant(self, camera: str, *, start_90k: int, end_90k: int, **changes: object) -> Grant:
        """Return the claims of a viewing grant issued now."""
        now = SystemClock().utc()
        claims: dict[str, object] = {
            "version": token.GRANT_VERSION,
            "deployment_id": self.deployment.deployment_id,
            "epoch": 1,
            "grant_id": ids.new_id(),
            "person_id": ids.new_id(),
            "person_name": "张工",
            "capacity": "operator@security-office-campus",
            "session_hash": sha256(SESSION_KEY.encode()).hexdigest(),
            "purpose": Purpose.VIEWING,
            "articles": ("A14", "A15.1.3"),
            "cameras": (GrantedCamera(camera, ("video",)),),
            "start_90k": start_90k,
            "end_90k": end_90k,
            "host": self.deployment.host,
            "issued_at_90k": now,
            "expires_at_90k": now + LEASE_90K,
        }
        return Grant(**{**claims, **changes})

    def live_grant(self, camera: str, **changes: object) -> Grant:
        """Return the claims of a duty grant issued now."""
        now = SystemClock().utc()
        window = {"start_90k": now - 5 * S, "end_90k": now + 3600 * S}
        return self.grant(camera, **{**window, "purpose": Purpose.DUTY_LIVE, "articles": ("A18.2",), **changes})

    def sign(self, grant: Grant) -> str:
        """Return the token."""
        return token.mint(grant, signer=self.grant_signer)

    def _planned(self, camera: str, slot: int) -> PlannedCamera:
        return PlannedCamera(
            camera_id=camera,
            name=f"点位 {slot}",
            campus="lingshui",
            slot=slot,
            volume_id=self.volume.identity.volume_id,
            streams=(RtspStream(StreamRole.MAIN, "rtsp://127.0.0.1/x", ""),),
            floor_days=30,
            sub_floor_days=7,
            since_90k=0,
        )


@pytest.fixture
def campus(home: Home, clips: dict[str, Clip]) -> Iterator[Campus]:
    """An empty deployment with keys, a volume and a plan."""
    founded = deployment.found(home)
    grant_signer = signing.generate(home, purpose=KeyPurpose.GRANT)
    plan_signer = signing.generate(home, purpose=KeyPurpose.PLAN)
    signing.generate(home, purpose=KeyPurpose.SPOOL)
    volume = Volume.create(
        home.volumes / "v", deployment_id=founded.deployment_id, volume_id=ids.new_id(), budget_bytes=0
    )
    with keeping(
        volume, memory=home.root / "memory.json", host=founded.host, epoch=founded.epoch, clock=SystemClock()
    ) as index:
        made = Campus(home, founded, grant_signer, plan_signer, volume, index, clips)
        made.publish()
        yield made


@dataclass
class Ledger:
    """The database of the session, seen by its owner and by the streaming role, from one test's beginning on."""

    cluster: Cluster
    owner: DatabaseAddress
    streaming: DatabaseAddress
    first_id: int = 0

    def entries(self, kind: str) -> list[dict[str, object]]:
        """Return this test's pending entries of a kind, in order."""
        query = "SELECT body FROM ledger_pending WHERE id > %s ORDER BY id"
        with psycopg.connect(**self.owner.parameters()) as connection:
            rows = connection.execute(query, [self.first_id]).fetchall()
        found = [canonical.decode(bytes(row[0])) for row in rows]
        return [entry for entry in found if entry["kind"] == kind]

    def wait_for(self, kind: str, *, count: int = 1) -> list[dict[str, object]]:
        """Return the entries of a kind once there are so many."""
        wait_until(lambda: len(self.entries(kind)) >= count)
        return self.entries(kind)

    def revoke(self, grant_id: str) -> float:
        """Revoke a grant as the control plane does; return the monotonic time of the commit."""
        with psycopg.connect(**self.owner.parameters()) as connection:
            connection.execute("INSERT INTO media_revocation VALUES (%s, 0, 'test')", [grant_id])
            connection.execute("SELECT pg_notify('mingjian_revocation', %s)", [grant_id])
        return time.monotonic()

    def hang_up(self) -> None:
        """End every connection of the media port, as a restart of the database does."""
        with self.cluster.connect_as_cluster_role("postgres") as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename = %s",
                [self.owner.name, Role.STREAMING.value],
            )

    def execute(self, statement: str) -> None:
        """Run a statement as the owner."""
        with psycopg.connect(**self.owner.parameters(), autocommit=True) as connection:
            connection.execute(statement)

    @contextlib.contextmanager
    def without(self, privilege: str, thing: str) -> Iterator[None]:
        """Take a privilege from the streaming role for a while."""
        self.execute(f"REVOKE {privilege} ON {thing} FROM mingjian_streaming")
        try:
            yield
        finally:
            self.execute(f"GRANT {privilege} ON {thing} TO mingjian_streaming")


@pytest.fixture(scope="session")
def streaming_database(postgres: Cluster) -> Ledger:
    """A database with the ledger installed."""
    return install_ledger(postgres)


def install_ledger(postgres: Cluster) -> Ledger:
    """Make a database with the ledger and what else streaming uses."""
    name = f"streaming_{ids.new_id()[:8]}"
    with postgres.connect_as_cluster_role("postgres") as connection:
        connection.autocommit = True
        connection.execute(sql.SQL("CREATE DATABASE {} OWNER mingjian_owner").format(sql.Identifier(name)))
        connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO mingjian_streaming").format(sql.Identifier(name)))
    owner, streaming = (_address(postgres, role, name) for role in (Role.OWNER, Role.STREAMING))
    with psycopg.connect(**owner.parameters()) as inside, inside.cursor() as cursor:
        ledger_schema.install(cursor, owner=Role.OWNER, runtime_roles=[Role.STREAMING])
        cursor.execute(REVOCATIONS)
    return Ledger(postgres, owner, streaming)


@pytest.fixture
def fresh_ledger(postgres: Cluster) -> Ledger:
    """A ledger of the test's own, for what counts all of its entries."""
    return install_ledger(postgres)


class MortalPostgres:
    """A cluster of one module that may be killed and brought back."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self._process: subprocess.Popen[bytes] | None = None

    def live(self) -> None:
        """Serve, if it does not yet."""
        if self._process is None:
            self.cluster.prepare_start()
            self._process = self.cluster.spawn(settings={"fsync": "off"})
            self.cluster.wait_ready(self._process)

    def die(self) -> None:
        """End it as a power cut would, every backend with it; safe to repeat."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(timeout=5)
            self._process = None
            # Its backends notice and follow; a start before that is refused.
            wait_until(lambda: not _serving_from(self.cluster.placement.data))


def _serving_from(data: Path) -> bool:
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                return True
    return False


@pytest.fixture(scope="module")
def mortal() -> Iterator[MortalPostgres]:
    """A PostgreSQL of the module's own, serving."""
    root = Path(tempfile.mkdtemp(prefix="mj-"))
    root.chmod(0o711)
    home = Home(root=root, bind="127.0.0.1", port=1, media_port=2)
    for role in Role:
        secrets.ensure(database.password_file(home, role))
    made = MortalPostgres(Cluster.of(home))
    made.live()
    made.cluster.provision()
    with made.cluster.connect_as_cluster_role("postgres") as connection:
        connection.execute("ALTER ROLE mingjian_owner CREATEDB")
    yield made
    made.die()
    shutil.rmtree(root, ignore_errors=True)


@pytest.fixture(scope="module")
def mortal_database(mortal: MortalPostgres) -> Ledger:
    """Its database."""
    return install_ledger(mortal.cluster)


@pytest.fixture
def ledger(streaming_database: Ledger) -> Ledger:
    """The session's ledger from here on."""
    with psycopg.connect(**streaming_database.owner.parameters()) as connection:
        row = connection.execute("SELECT coalesce(max(id), 0) FROM ledger_pending").fetchone()
    assert row is not None
    return replace(streaming_database, first_id=row[0])


def _address(cluster: Cluster, role: Role, name: str) -> DatabaseAddress:
    known = cluster.address(role)
    return DatabaseAddress(
        host=known.host,
        port=known.port,
        name=name,
        user=role.value,
        password_file=database.password_file(cluster.home, role),
    )


@contextlib.contextmanager
def serving(home: Home) -> Iterator[None]:
    """Run the real server in a thread until the context ends."""
    running = uvicorn.Server(server.config(home))
    thread = threading.Thread(target=running.run, name="media server")
    thread.start()
    try:
        wait_until(lambda: running.started)
        yield
    finally:
        running.should_exit = True
        thread.join(timeout=15)
        assert not thread.is_alive()


class Web:
    """Stands where the web would: answers on its port that it is well, as long as it is told to live."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._server: ThreadingHTTPServer | None = None

    def live(self) -> None:
        """Answer from now on."""
        self._server = ThreadingHTTPServer((self._home.bind, self._home.port), _Health)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def die(self) -> None:
        """Answer no more; safe to repeat."""
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None


class _Health(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Say that all is well."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"status": "ok"}')

    def log_message(self, *_: object) -> None:
        """Say nothing of it."""


@pytest.fixture
def web(campus: Campus) -> Iterator[Web]:
    """The web of the campus, alive."""
    made = Web(campus.home)
    made.live()
    yield made
    made.die()


@pytest.fixture
def media(campus: Campus, web: Web, ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> Iterator[Campus]:
    """The campus with its media port open."""
    for name, value in ledger.streaming.environment().items():
        monkeypatch.setenv(name, value)
    with serving(campus.home):
        yield campus


@pytest.fixture
def dial(campus: Campus) -> Iterator[Callable[..., object]]:
    """Call the media port as our own page does: dial(origin=…, cookie=…, path=…) returns a Player."""
    place = Path(__file__).with_name("player.py")
    spec = importlib.util.spec_from_file_location("streaming_player", place)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    with contextlib.ExitStack() as stack:
        yield lambda **options: stack.enter_context(module.dial(campus.home, **options))


def wait_until(condition: Callable[[], object], *, within_s: float = 10.0) -> None:
    """Poll until it holds; fail after the time."""
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def receipts_folder(campus: Campus) -> Path:
    """Where notes of open receipts lie."""
    return campus.home.root / "receipts"
