"""The articles page: the 23 articles, and under each its rules with what this system does about them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mingjian.base.clock import SystemClock
from mingjian.oversight import listing, refusals, tracing, words
from mingjian.people.capacity import Acting
from mingjian.regulation.articles import RULES, Mechanism

_CLOCK = SystemClock()


def articles(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """List every rule, or with `?mechanism=` those of one mechanism."""
    today = refusals.of_the_day(now_90k=_CLOCK.utc())
    wanted = request.GET.get("mechanism", "")
    mechanism = Mechanism(wanted) if wanted in set(Mechanism) else None
    return render(
        request,
        "oversight/articles.html",
        {
            "chapters": listing.chapters(mechanism=mechanism, traces=tracing.traces(), refusals=today),
            "mechanisms": [
                (one.value, words.MECHANISMS[one], words.EXPLANATIONS[one], _count(one)) for one in Mechanism
            ],
            "chosen": "" if mechanism is None else mechanism.value,
            "rule_count": len(RULES),
            "counted_most": refusals.MOST if today.is_more else 0,
        },
    )


def _count(mechanism: Mechanism) -> int:
    return sum(rule.mechanism is mechanism for rule in RULES.values())
