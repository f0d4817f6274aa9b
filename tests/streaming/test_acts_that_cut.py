"""An act of the control plane, in the control plane's own database, ends the pictures that are open: within 2 s."""

import threading
import time
from dataclasses import replace

import pytest
from django.db import connection
from psycopg import sql

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.migrating import apply_privileges
from mingjian.duty import usecases as duty
from mingjian.grants import sealing
from mingjian.host.database import Role
from mingjian.people import acts, appointing, web_sessions
from mingjian.people.models import Appointment
from mingjian.registry import moving, usecases
from mingjian.registry.networks import CameraNetworks
from mingjian.registry.usecases import CameraPoint

S = TICKS_PER_S
PROMISED_S = 2.0
CLOCK = SystemClock()

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ledger(streaming_database, transactional_db):
    """The ledger in the database that pages and use-cases write, for the streaming role."""
    name = connection.settings_dict["NAME"]
    apply_privileges()
    with streaming_database.cluster.connect_as_cluster_role("postgres") as line:
        line.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO mingjian_streaming").format(sql.Identifier(name)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM ledger_pending")
        (first_id,) = cursor.fetchone()
    owner, streaming = (replace(one, name=name) for one in (streaming_database.owner, streaming_database.streaming))
    assert (owner.user, streaming.user) == (Role.OWNER.value, Role.STREAMING.value)
    return replace(streaming_database, owner=owner, streaming=streaming, first_id=first_id)


class Gate:
    """A registered point whose recording grows in step with the clock."""

    def __init__(self, media):
        volume_id = media.volume.identity.volume_id
        usecases.register_volume(
            volume_id=volume_id, name="v", path=str(media.volume.path), budget_bytes=0, actor=acts.SHELL, clock=CLOCK
        )
        sealing.generate_key(media.home)
        self.row = usecases.register_camera(
            point=CameraPoint(name="南门", campus="lingshui", building="校门", main_address="rtsp://127.0.0.1:8554/x"),
            networks=CameraNetworks.parse(networks="127.0.0.0/8", ports="8000-9000"),
            credential_key=sealing.load_key(media.home),
            actor=acts.SHELL,
            clock=CLOCK,
        )
        self.id = str(self.row.pk)
        media.cameras.append(self.id)
        media.publish()
        self._growing = media.begin(self.id, start_90k=CLOCK.utc() // S * S - 4 * S)
        self._growing.grow(4)
        self._over = threading.Event()
        self._writing = threading.Thread(target=self._write)
        self._writing.start()

    def close(self):
        """Write no more."""
        self._over.set()
        self._writing.join()

    def _write(self):
        while not self._over.wait(0.02):
            if CLOCK.utc() - self._growing.start_90k - self._growing.seconds * S >= S:
                self._growing.grow(1)


@pytest.fixture
def gate(university, media):
    made = Gate(media)
    yield made
    made.close()


@pytest.fixture
def shift(hire, act_as):
    """An operator on shift at the gate's campus."""
    zhang = hire("zhang", "张值班", ("operator", "security-office-campus"))
    return duty.start_shift(acting=act_as(zhang), campus="lingshui", actor=acts.SHELL, clock=CLOCK)


@pytest.fixture
def watching(media, dial, gate, shift):
    """The operator's tile, and somebody else's under another grant; both move."""

    def open_tile(**changes):
        player = dial()
        player.open(media.sign(media.live_grant(gate.id, **changes)), gate.id, mode="live")
        assert player.hear_until(player.fragments)
        return player

    return open_tile(grant_id=str(shift.grant_id)), open_tile


def seconds_until_still(player, act):
    """Do it, and return how long after its commit the last byte came."""
    act()
    done_at = time.monotonic()
    assert player.hear_until(player.heard("ended"), within_s=4)
    player.hear(seconds=0.5)
    assert player.is_closed
    return player.last_byte_at - done_at


@pytest.mark.article("A07.2.0")
def test_move_of_a_camera_stills_every_tile_of_it_and_says_why(watching, gate):
    tile, open_tile = watching
    other = open_tile()

    late_s = seconds_until_still(
        tile,
        lambda: moving.move_camera(
            camera=gate.row, place=moving.NewPlace(campus="panjin", building="北楼"), actor=acts.SHELL, clock=CLOCK
        ),
    )
    assert other.hear_until(other.heard("ended"), within_s=2)

    print(f"last byte {late_s:+.3f} s after the move")
    assert late_s < PROMISED_S
    assert [one.last("ended")["reason"] for one in (tile, other)] == ["moved", "moved"]
    # Nothing stays revoked: whoever still may, by the next lease, opens it anew.
    assert open_tile().kinds()[0] == "opened"


@pytest.mark.article("A18.4a")
def test_end_of_a_shift_stills_its_tiles_and_no_others(watching, shift):
    tile, open_tile = watching
    other = open_tile()

    late_s = seconds_until_still(tile, lambda: duty.end_shift(person=shift.person, actor=acts.SHELL, clock=CLOCK))

    print(f"last byte {late_s:+.3f} s after the end of the shift")
    assert late_s < PROMISED_S
    assert tile.last("ended")["reason"] == "revoked"
    assert "ended" not in other.kinds()


@pytest.mark.article("A18.4a")
def test_end_of_an_appointment_stills_whatever_was_open_under_it(watching, media, gate, shift, act_as):
    _tile, open_tile = watching
    acting = act_as(shift.person)
    key_hash = media.live_grant(gate.id).session_hash
    web_sessions.begin(key_hash=key_hash, replaces=None, acting=acting, device="", console=None, clock=CLOCK)
    under_another_grant = open_tile()

    late_s = seconds_until_still(
        under_another_grant,
        lambda: appointing.end_appointment(
            appointment=Appointment.objects.get(person=shift.person), reason="调岗", actor=acts.SHELL, clock=CLOCK
        ),
    )

    print(f"last byte {late_s:+.3f} s after the end of the appointment")
    assert late_s < PROMISED_S
    assert under_another_grant.last("ended")["reason"] == "revoked"
