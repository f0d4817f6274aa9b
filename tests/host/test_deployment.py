"""The deployment's identity is drawn once and never guessed."""

import pytest

from mingjian.host import deployment
from mingjian.host.deployment import DeploymentError
from mingjian.host.home import Home


def test_identity_stays_the_same_from_start_to_start(home: Home) -> None:
    first = deployment.found(home)
    assert deployment.found(home) == first == deployment.load(home)


def test_load_refuses_a_home_never_founded(home: Home) -> None:
    with pytest.raises(DeploymentError) as caught:
        deployment.load(home)
    assert caught.value.code == "host.not_founded"


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"id": "x", "epoch": 1, "host": "h"}'])
def test_load_refuses_a_spoiled_record(home: Home, text: str) -> None:
    (home.root / "deployment.json").write_text(text)
    with pytest.raises(DeploymentError) as caught:
        deployment.load(home)
    assert caught.value.code == "host.deployment_damaged"
