"""From where pictures are taken in: campus networks, and never from a secrecy system."""

import pytest

from mingjian.regulation.rules.connecting import ConnectingFacts, may_connect, may_take_from
from mingjian.regulation.systems import SystemClass


@pytest.mark.article("A11.b", shows="allowed")
def test_a_source_within_the_campus_networks_is_taken() -> None:
    assert may_take_from(is_within_networks=True).articles == ("A11.b",)


@pytest.mark.article("A11.b", shows="refused")
def test_a_source_outside_the_campus_networks_is_refused() -> None:
    decision = may_take_from(is_within_networks=False)
    assert (decision.allowed, decision.articles) == (False, ("A11.b",))


@pytest.mark.article("SSL.31.3", shows="refused")
def test_a_secrecy_system_with_an_address_is_refused_with_the_national_law() -> None:
    decision = may_connect(ConnectingFacts(system_class=SystemClass.SECRECY, has_address=True))
    assert (decision.allowed, decision.articles) == (False, ("SSL.31.3",))
    assert "（《保守国家秘密法》第三十一条第三项）" in decision.reasons[0].cited_zh


@pytest.mark.article("SSL.31.3", shows="allowed")
@pytest.mark.parametrize("system_class", list(SystemClass))
def test_a_secrecy_system_is_known_and_every_other_connected(system_class: SystemClass) -> None:
    has_address = system_class is not SystemClass.SECRECY
    assert may_connect(ConnectingFacts(system_class=system_class, has_address=has_address)).allowed


@pytest.mark.parametrize(
    ("system_class", "has_address", "ground"),
    [
        (SystemClass.SCHOOL, True, "connecting.not_secret"),
        (SystemClass.SCHOOL, False, "connecting.not_secret"),
        (SystemClass.SECRECY, False, "connecting.known_only"),
    ],
)
def test_the_ground_says_whether_it_is_connected_or_only_known(
    system_class: SystemClass,
    has_address: bool,  # noqa: FBT001 - a table's column
    ground: str,
) -> None:
    decision = may_connect(ConnectingFacts(system_class=system_class, has_address=has_address))
    assert [reason.code for reason in decision.reasons] == [ground]
