"""Which camera addresses are taken and which are refused, each with its reason."""

import pytest

from mingjian.registry.networks import AddressError, CameraNetworks, check_address

NETWORKS = CameraNetworks.parse(networks="10.0.0.0/8,192.168.0.0/16", ports="554,8000-9000")
NAMES = {"camera.campus": ["10.1.2.3"], "two-faced": ["10.1.2.3", "8.8.8.8"]}


def resolve(host: str) -> list[str]:
    """A name server of our own; numbers stand for themselves."""
    return NAMES.get(host, [host])


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("rtsp://10.0.0.1/main", "rtsp://10.0.0.1/main"),
        ("rtsp://10.0.0.1:554", "rtsp://10.0.0.1/"),
        ("rtsp://192.168.3.4:8554/a?b=c@d", "rtsp://192.168.3.4:8554/a?b=c@d"),
        ("rtsp://camera.campus:9000/x", "rtsp://camera.campus:9000/x"),
    ],
)
def test_address_is_taken_when_network_and_port_are_allowed(text: str, url: str) -> None:
    assert check_address(text, networks=NETWORKS, resolve=resolve).url == url


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("http://10.0.0.1/main", "registry.address_scheme"),
        ("rtsps://10.0.0.1/main", "registry.address_scheme"),
        ("file:///etc/passwd", "registry.address_scheme"),
        ("rtsp://admin:secret@10.0.0.1/main", "registry.address_user_info"),
        ("rtsp://@10.0.0.1/main", "registry.address_user_info"),
        ("rtsp:///main", "registry.address_malformed"),
        ("rtsp://10.0.0.1/a b", "registry.address_malformed"),
        ("rtsp://10.0.0.1/\r\nTEARDOWN", "registry.address_malformed"),
        ("rtsp://10.0.0.1:99999/main", "registry.address_malformed"),
        ("", "registry.address_malformed"),
        ("rtsp://10.0.0.1:22/main", "registry.port_not_allowed"),
        ("rtsp://8.8.8.8/main", "registry.network_not_allowed"),
        ("rtsp://169.254.169.254/main", "registry.network_not_allowed"),
        ("rtsp://127.0.0.1/main", "registry.network_not_allowed"),
        ("rtsp://[::1]/main", "registry.network_not_allowed"),
        ("rtsp://[::ffff:127.0.0.1]/main", "registry.network_not_allowed"),
        ("rtsp://two-faced/main", "registry.network_not_allowed"),
    ],
)
def test_address_is_refused_with_its_reason(text: str, code: str) -> None:
    with pytest.raises(AddressError) as refused:
        check_address(text, networks=NETWORKS, resolve=resolve)

    assert refused.value.code == code
    assert "secret" not in str(refused.value)


def test_unknown_host_is_refused() -> None:
    with pytest.raises(AddressError) as refused:
        check_address("rtsp://no-such-host.invalid/main", networks=NETWORKS)

    assert refused.value.code == "registry.host_not_found"


@pytest.mark.parametrize(
    ("networks", "ports"), [("10.0.0.1/8", "554"), ("", "554"), ("10.0.0.0/8", "0"), ("10.0.0.0/8", "9-8")]
)
def test_settings_that_cannot_be_read_are_named(networks: str, ports: str) -> None:
    with pytest.raises(AddressError) as refused:
        CameraNetworks.parse(networks=networks, ports=ports)

    assert refused.value.code == "registry.networks_malformed"
