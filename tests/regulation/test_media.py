"""What holds for every picture: who stands apart sees none, and that is our default."""

import pytest

from mingjian.regulation.articles import Source
from mingjian.regulation.posts import APART, Post
from mingjian.regulation.rules.media import obstacles_of_posts


@pytest.mark.parametrize("post", sorted(APART))
def test_who_stands_apart_is_hindered_whatever_else_is_held(post: Post) -> None:
    (obstacle,) = obstacles_of_posts({post, Post.OPERATOR})
    assert (obstacle.code, obstacle.rule.id, obstacle.source) == ("media.administrator", "A14.b", Source.OUR_DEFAULT)


def test_operator_is_not_hindered() -> None:
    assert obstacles_of_posts({Post.OPERATOR}) == []
    assert obstacles_of_posts(()) == []
