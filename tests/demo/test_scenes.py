"""The drawn scenes loop without a jump and carry the second they stand for."""

import itertools

import pytest

from mingjian.demo import backdrops, scenes
from mingjian.demo.scenes import LOOP_S, SCENES, Scene
from mingjian.media.samples import Codec


def by_key(scene: Scene) -> str:
    return scene.key


def test_there_are_eight_cameras_and_one_of_them_speaks_h265() -> None:
    assert len({scene.key for scene in SCENES}) == len({scene.name for scene in SCENES}) == 8
    assert [scene.codec for scene in SCENES].count(Codec.H265) == 1


@pytest.mark.parametrize("scene", SCENES, ids=by_key)
def test_every_figure_is_back_at_its_start_when_the_loop_ends(scene: Scene) -> None:
    for mover in scene.movers:
        assert LOOP_S % mover.period_s == 0
        assert mover.place(LOOP_S) == pytest.approx(mover.place(0))


@pytest.mark.parametrize("scene", SCENES, ids=by_key)
def test_pictures_have_one_size_and_move(scene: Scene) -> None:
    first, second = itertools.islice(scenes.pictures(scene), 2)
    assert first.size == second.size == (backdrops.WIDTH, backdrops.HEIGHT)
    street = (0, 40, backdrops.WIDTH, backdrops.HEIGHT)
    assert first.crop(street).tobytes() != second.crop(street).tobytes()
