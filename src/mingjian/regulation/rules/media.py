"""What holds for every picture, live or recorded: administrators of the platform see none."""

from collections.abc import Collection

from mingjian.regulation import articles
from mingjian.regulation.articles import Source
from mingjian.regulation.decision import Reason
from mingjian.regulation.posts import ADMINISTRATORS, Post


def obstacles_of_posts(posts: Collection[Post]) -> list[Reason]:
    """Return the reasons that a person's posts alone give against any media grant (A14.b; our default)."""
    if ADMINISTRATORS.isdisjoint(posts):
        return []
    return [
        Reason(
            rule=articles.A14_B,
            code="media.administrator",
            text_zh="系统、安全、审计管理员不接触画面。请由当班操作员办理。",
            text_en="System, security and audit administrators see no pictures. Ask the operator on duty.",
            source=Source.OUR_DEFAULT,
        )
    ]
