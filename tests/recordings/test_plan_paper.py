"""The plan as a signed file: what is written is read, and what is not for us is refused."""

import json
from dataclasses import replace

import pytest

from mingjian.base import ids
from mingjian.grants import signing
from mingjian.grants.signing import KeyPurpose, PaperError
from mingjian.recordings import plan_paper
from mingjian.recordings.errors import RecordingsError
from mingjian.recordings.model import Hold, StreamRole
from mingjian.recordings.plan import PLAN_VERSION, Plan, PlannedCamera, PlannedVolume, RtspStream


@pytest.fixture
def signer(home):
    """A plan key."""
    return signing.generate(home, purpose=KeyPurpose.PLAN)


def camera(**changes):
    made = PlannedCamera(
        camera_id=ids.new_id(),
        name="南门 2 号",
        campus="东",
        slot=3,
        volume_id=ids.new_id(),
        streams=(RtspStream(StreamRole.MAIN, "rtsp://10.0.0.1/main", "sealed"),),
        floor_days=30.0,
        sub_floor_days=1.5,
        since_90k=7,
    )
    return replace(made, **changes)


@pytest.fixture
def plan():
    """A plan with one of everything."""
    return Plan(
        version=PLAN_VERSION,
        deployment_id=ids.new_id(),
        epoch=2,
        revision=5,
        issued_at_90k=99,
        cameras=tuple(camera() for _ in range(6)),
        volumes=(PlannedVolume(ids.new_id(), "/srv/volume", 10**12),),
        holds=(Hold(ids.new_id(), ids.new_id(), 1, 2, "查阅"),),
        released_holds=(ids.new_id(),),
        allowed_networks=("10.0.0.0/8",),
        allowed_ports=((554, 554), (1024, 65_535)),
        is_demo=False,
        purge_ceiling_days=None,
    )


def test_what_is_written_is_read(plan, signer, tmp_path):
    path = tmp_path / "plan" / "plan.json"

    plan_paper.write_atomically(path, plan_paper.encode(plan, signer=signer))
    again = plan_paper.read(path, verifier=signer.verifier(), deployment_id=plan.deployment_id)

    assert again == plan
    assert [found.name for found in path.parent.iterdir()] == ["plan.json"]


def test_another_deployments_plan_is_refused(plan, signer):
    with pytest.raises(RecordingsError, match="plan_foreign"):
        plan_paper.decode(
            plan_paper.encode(plan, signer=signer), verifier=signer.verifier(), deployment_id=ids.new_id()
        )


def test_a_changed_plan_is_refused(plan, signer):
    paper = plan_paper.encode(plan, signer=signer).replace(b"10.0.0.1", b"10.0.0.2")

    with pytest.raises(PaperError, match="bad_signature"):
        plan_paper.decode(paper, verifier=signer.verifier(), deployment_id=plan.deployment_id)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 99},
        {"version": 0},
        {"cameras": {}},
        {"cameras": [{}]},
        {"revision": -1},
        {"revision": True},
        {"is_demo": 1},
        {"allowed_ports": [[70_000, 70_001]]},
        {"allowed_ports": [[1]]},
        {"purge_ceiling_days": "x"},
        {"holds": [{"hold_id": "x"}]},
        {"deployment_id": "../.."},
    ],
)
def test_a_signed_plan_that_makes_no_sense_is_refused(plan, signer, change):
    told = json.loads(json.loads(plan_paper.encode(plan, signer=signer))["payload"]) | change
    paper = signer.sign_paper(kind=plan_paper.PAPER_KIND, payload=json.dumps(told).encode())

    with pytest.raises(RecordingsError, match="plan_malformed"):
        plan_paper.decode(paper, verifier=signer.verifier(), deployment_id=plan.deployment_id)


@pytest.mark.article("A13")
def test_a_floor_below_the_laws_is_refused_outside_a_demo(plan, signer):
    low = replace(plan, cameras=(camera(floor_days=29.99),))

    with pytest.raises(RecordingsError, match="plan_floor_too_low"):
        plan_paper.encode(low, signer=signer)
    assert plan_paper.encode(replace(low, is_demo=True), signer=signer)
    assert plan_paper.encode(replace(low, cameras=(camera(floor_days=30.0),)), signer=signer)


@pytest.mark.parametrize("older", [{"epoch": 1, "revision": 100}, {"revision": 4}])
def test_an_older_plan_is_refused(plan, older):
    with pytest.raises(RecordingsError, match="plan_older"):
        plan_paper.require_successor(current=plan, candidate=replace(plan, **older))


def test_a_plan_that_drops_many_cameras_waits_for_a_persons_word(plan):
    few = replace(plan, revision=6, cameras=plan.cameras[:3])
    many = replace(plan, revision=6, cameras=plan.cameras[:2])

    plan_paper.require_successor(current=None, candidate=many)
    plan_paper.require_successor(current=plan, candidate=few)
    with pytest.raises(RecordingsError, match="plan_shrinks"):
        plan_paper.require_successor(current=plan, candidate=many)
    plan_paper.require_successor(current=plan, candidate=replace(many, confirmed_shrink_from=5))
