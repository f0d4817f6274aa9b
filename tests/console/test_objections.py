"""An objection by its pages: filed on the tracker, answered on the dossier by another, told to its applicant."""

from typing import Any

import pytest

from mingjian.people.models import Person
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.words import Outcome


@pytest.fixture
def refused(world: Any, hire: Any) -> ViewingApplication:
    world.people["head"] = hire("head", "负责人", ("principal", "security-office-campus"))
    application: ViewingApplication = world.applied()
    world.decide(application, Outcome.REFUSED)
    return application


def told(world: Any, application: ViewingApplication, **words: str) -> dict[str, Any]:
    return {"version": ViewingApplication.objects.get(pk=application.pk).version, **words}


def test_applicant_objects_and_reads_the_answer(world: Any, refused: ViewingApplication) -> None:
    victim, head, decider = (world.client(name) for name in ("victim", "head", "decider"))
    tracker, dossier = f"/viewings/{refused.pk}/", f"/viewing-desk/{refused.pk}/"
    assert "期限和程序是本系统的默认做法" in victim.get(tracker).content.decode()
    assert victim.post(f"{tracker}object/", told(world, refused, reason="")).status_code == 400

    assert victim.post(f"{tracker}object/", told(world, refused, reason="已报案")).status_code == 302
    assert "复核中" in victim.get(tracker).content.decode()
    assert "review/" not in decider.get(dossier).content.decode()
    assert "review/" in head.get(dossier).content.decode()
    answer = told(world, refused, outcome="upheld", article="A14.b", reason="与安全无关")
    assert head.post(f"{dossier}review/", answer).status_code == 302

    page = victim.get(tracker).content.decode()
    assert "复核结果是最终的" in page
    assert "与安全无关" in page
    assert "object/" not in page
    assert "复核人：负责人" in head.get(dossier).content.decode()


def test_reopened_application_tells_both_decisions(world: Any, refused: ViewingApplication) -> None:
    victim, head = world.client("victim"), world.client("head")
    victim.post(f"/viewings/{refused.pk}/object/", told(world, refused, reason="已报案"))
    head.post(
        f"/viewing-desk/{refused.pk}/review/", told(world, refused, outcome="reopened", reason="另有回执", article="")
    )
    assert "decide/" not in world.client("decider").get(f"/viewing-desk/{refused.pk}/").content.decode()
    head.post(f"/viewing-desk/{refused.pk}/decide/", told(world, refused, outcome="approved"))

    page = victim.get(f"/viewings/{refused.pk}/").content.decode()
    assert "由他人重新审批" in page
    assert "另有回执" in page
    body = victim.get(f"/api/v1/applications/{refused.pk}/").json()
    assert [each["outcome"] for each in body["decisions"]] == ["refused", "approved"]
    assert body["objection"]["outcome"] == "reopened"
    assert Person.objects.get(username="decider").pk == ViewingApplication.objects.get().objection.first_decider_id
