"""Who of the demo is trained and pledged, and until when: most are, one lapses soon, one has not signed."""

from datetime import timedelta

from mingjian.base import ticks
from mingjian.base.clock import Clock
from mingjian.people import acts, training
from mingjian.people.models import Person
from mingjian.people.qualification import Kind
from mingjian.people.training import Certificate

_BOTH = tuple(Kind)
# What each has, and how many days ago; a year is what either holds by default.
HELD: dict[str, tuple[tuple[Kind, ...], int]] = {
    "zhang": (_BOTH, 90),
    "li": (_BOTH, 340),
    "qian": (_BOTH, 60),
    "zheng": (_BOTH, 60),
    "feng": (_BOTH, 200),
    "chen": ((Kind.TRAINING,), 30),
}


def ensure(*, clock: Clock) -> None:
    """Enter what is missing; safe to repeat."""
    today = ticks.day_of(clock.utc())
    for username, (kinds, days_ago) in HELD.items():
        person = Person.objects.get(username=username)
        body = person.appointments.select_related("body").earliest("since_90k").body
        for kind in kinds:
            if not person.qualifications.filter(kind=kind.value).exists():
                training.enter(
                    person=person,
                    body=body,
                    certificate=Certificate(
                        kind=kind,
                        held_on=today - timedelta(days=days_ago),
                        topic="操作规程、监控管理办法、保密",
                        document="演示凭据",
                    ),
                    recorded_by=None,
                    actor=acts.SHELL,
                    clock=clock,
                )
