"""The demo's complaints, queries and a post lent for next week: so that their pages show something."""

from mingjian.base.clock import Clock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.oversight import usecases as oversight
from mingjian.oversight.matters import Matter
from mingjian.oversight.models import Complaint, Inquiry
from mingjian.oversight.usecases import Grievance
from mingjian.people import delegating
from mingjian.people.capacity import Acting, acting_under, first_capacity
from mingjian.people.delegating import Loan
from mingjian.people.models import Appointment, Person

_DAY_90K = 86_400 * TICKS_PER_S


def install(*, clock: Clock) -> None:
    """Enter what is missing: two complaints, one of them about the office that is tier 1, two queries, one loan."""
    now_90k = clock.utc()
    if not Complaint.objects.exists():
        _complain(clock=clock)
    if not Inquiry.objects.exists() and _has("shen"):
        auditor = first_capacity(Person.objects.get(username="shen"), now_90k=now_90k)
        _ask(auditor, clock=clock)
    lender = Appointment.objects.filter(person__username="wu", body="security-office-campus").first()
    if lender and _has("zheng") and not Appointment.objects.filter(delegated_from__isnull=False).exists():
        _lend(lender, clock=clock)


def _complain(*, clock: Clock) -> None:
    member = Acting(Person.objects.get(username="wang"), None, ())
    about_library = oversight.complain(
        grievance=Grievance(
            conduct="A14.c",
            body="library",
            person_id="",
            subject="",
            text="上周三到馆请求协助查阅，被告知没有这项服务，也没有说明流程。希望今后张贴流程。",
        ),
        acting=member,
        clock=clock,
    )
    oversight.complain(
        grievance=Grievance(
            conduct="A20.6",
            body="security-office-campus",
            person_id="",
            subject="",
            text="听到监控室人员向外人描述画面内容，请核实。",
        ),
        acting=member,
        clock=clock,
    )
    if _has("chu"):
        supervisor = first_capacity(Person.objects.get(username="chu"), now_90k=clock.utc())
        oversight.accept_complaint(complaint=about_library, version=1, acting=supervisor, clock=clock)


def _ask(auditor: Acting, *, clock: Clock) -> None:
    matter = Matter("entry:1/1", "1", "security-office-campus", "")
    oversight.ask(
        matter=matter,
        body="library",
        is_about_conduct=False,
        question="自建点位登记之后没有操作员上岗的记录，由谁巡查？",
        acting=auditor,
        clock=clock,
    )
    oversight.ask(
        matter=matter,
        body="",
        is_about_conduct=True,
        question="同一账号一日内多次未通过二次验证，请了解本人情况。",
        acting=auditor,
        clock=clock,
    )


def _lend(lender: Appointment, *, clock: Clock) -> None:
    """From next week on, so that today everybody of the demo still has the posts that the sign-in page names."""
    now_90k = clock.utc()
    delegating.delegate(
        loan=Loan(
            to=Person.objects.get(username="zheng"),
            since_90k=now_90k + 7 * _DAY_90K,
            until_90k=now_90k + 10 * _DAY_90K,
            reason="出差期间由带班领导代行",
        ),
        acting=acting_under(lender.person, appointment_id=lender.pk, now_90k=now_90k),
        clock=clock,
    )


def _has(username: str) -> bool:
    return Person.objects.filter(username=username).exists()
