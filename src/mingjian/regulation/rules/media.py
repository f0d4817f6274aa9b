"""What holds for every picture, live or recorded: administrators and discipline inspectors see none."""

from collections.abc import Collection

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Reason
from mingjian.regulation.posts import APART, Post


def obstacles_of_posts(posts: Collection[Post]) -> list[Reason]:
    """Return the reasons that a person's posts alone give against any media grant (A14.b; our default)."""
    if APART.isdisjoint(posts):
        return []
    return [
        Reason(
            rule=articles.A14_B,
            code="media.administrator",
            text_zh="平台管理员和纪检监察人员不接触画面。请由当班操作员办理。",
            text_en="Administrators and discipline inspectors see no pictures. Ask the operator on duty.",
            source=Source.OUR_DEFAULT,
        )
    ]
