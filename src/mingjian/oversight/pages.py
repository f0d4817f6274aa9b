"""The articles page, and the matrix of who may do what."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.oversight import listing, permissions, refusals, tracing, words
from mingjian.people import policy
from mingjian.people.capacity import Acting
from mingjian.regulation.articles import CATALOGUE, NATIONAL, RULES, Mechanism, Standing

_CLOCK = SystemClock()


def articles(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List every rule, or with `?mechanism=` those of one mechanism."""
    now_90k = _CLOCK.utc()
    today = refusals.of_the_day(now_90k=now_90k)
    seen = listing.Seen(tracing.traces(), today, policy.in_force(at_90k=now_90k))
    wanted = request.GET.get("mechanism", "")
    mechanism = Mechanism(wanted) if wanted in set(Mechanism) else None
    return render(
        request,
        "oversight/articles.html",
        {
            "chapters": listing.chapters(mechanism=mechanism, seen=seen),
            "laws": listing.national(mechanism=mechanism, seen=seen),
            "later_count": sum(rule.standing is Standing.LATER for rule in CATALOGUE.values()),
            "national_count": len(NATIONAL),
            "mechanisms": [
                (one.value, words.MECHANISMS[one], words.EXPLANATIONS[one], _count(one)) for one in Mechanism
            ],
            "chosen": "" if mechanism is None else mechanism.value,
            "rule_count": len(RULES),
            "counted_most": refusals.MOST if today.is_more else 0,
        },
    )


def matrix(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show who may do what, with the article of every cell; prints on paper."""
    return render(request, "oversight/matrix.html", {"roles": permissions.roles(), "blocks": permissions.blocks()})


def _count(mechanism: Mechanism) -> int:
    return sum(rule.mechanism is mechanism for rule in CATALOGUE.values())
