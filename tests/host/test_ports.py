"""A port in use is told before anything starts, with the setting that moves it."""

import dataclasses
import socket

import pytest

from mingjian.host import ports
from mingjian.host.home import Home
from mingjian.host.ports import PortError


def test_check_passes_when_both_ports_are_free(home: Home) -> None:
    ports.check_free(home)


@pytest.mark.parametrize("setting", ["MINGJIAN_PORT", "MINGJIAN_MEDIA_PORT"])
def test_check_names_the_setting_of_a_taken_port(home: Home, setting: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        name = {"MINGJIAN_PORT": "port", "MINGJIAN_MEDIA_PORT": "media_port"}[setting]
        with pytest.raises(PortError) as caught:
            ports.check_free(dataclasses.replace(home, **{name: port}))
    assert (caught.value.code, caught.value.facts["setting"]) == ("host.port_taken", setting)


def test_check_names_an_address_that_is_not_ours(home: Home) -> None:
    with pytest.raises(PortError) as caught:
        ports.check_free(dataclasses.replace(home, bind="192.0.2.1"))
    assert caught.value.code == "host.bad_bind"
