"""From an appointment as a row to the posts that the rules know."""

from mingjian.people.models import Person
from mingjian.people.workflow import Role
from mingjian.regulation.posts import Post

_POSTS: dict[Role, frozenset[Post]] = {
    Role.NONE: frozenset(),
    Role.OPERATOR: frozenset({Post.OPERATOR}),
}


def posts_of(person: Person) -> frozenset[Post]:
    """Return the posts the person holds now."""
    return _POSTS[Role(person.role)]
