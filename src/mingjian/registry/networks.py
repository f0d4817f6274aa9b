"""Where a camera may be: networks and ports of this deployment, asked at registration and again at each connection."""

import ipaddress
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass

from mingjian.base.errors import MingjianError
from mingjian.media.rtsp_address import CameraAddress, parse_address
from mingjian.media.rtsp_error import RtspError
from mingjian.regulation.rules import connecting

PRIVATE_NETWORKS = "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,fc00::/7"
CAMERA_PORTS = "554,8554"

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str], list[str]]


class AddressError(MingjianError):
    """A camera's address is refused.

    Codes: "registry.address_malformed" (with `reason`), "registry.address_scheme", "registry.address_user_info",
    "registry.host_not_found", "registry.network_not_allowed", "registry.port_not_allowed", and
    "registry.networks_malformed" when the settings themselves cannot be read.
    """


@dataclass(frozen=True, slots=True)
class CameraNetworks:
    """What MINGJIAN_CAMERA_NETWORKS and MINGJIAN_CAMERA_PORTS allow. Ports are inclusive ranges."""

    networks: tuple[Network, ...]
    ports: tuple[tuple[int, int], ...]

    @classmethod
    def from_environ(cls) -> "CameraNetworks":
        """Read the two settings; unset, they mean private networks and the two RTSP ports."""
        return cls.parse(
            networks=os.environ.get("MINGJIAN_CAMERA_NETWORKS") or PRIVATE_NETWORKS,
            ports=os.environ.get("MINGJIAN_CAMERA_PORTS") or CAMERA_PORTS,
        )

    @classmethod
    def parse(cls, *, networks: str, ports: str) -> "CameraNetworks":
        """Parse lists separated by commas ("10.0.0.0/8", "554", "1024-65535"). Raises AddressError."""
        try:
            return cls(
                networks=tuple(ipaddress.ip_network(item.strip()) for item in networks.split(",")),
                ports=tuple(_port_range(item.strip()) for item in ports.split(",")),
            )
        except ValueError as error:
            raise AddressError("registry.networks_malformed", networks=networks, ports=ports) from error

    def allows_port(self, port: int) -> bool:
        """Say whether cameras may listen there."""
        return any(first <= port <= last for first, last in self.ports)

    def allows_host(self, address: str) -> bool:
        """Say whether a numeric address lies in an allowed network."""
        numeric = ipaddress.ip_address(address)
        return any(numeric in network for network in self.networks)


def resolve(host: str) -> list[str]:
    """Return the numeric addresses of a host name. Raises AddressError("registry.host_not_found")."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError as error:
        raise AddressError("registry.host_not_found", host=host) from error
    return sorted({str(entry[4][0]) for entry in found})


def check_address(text: str, *, networks: CameraNetworks, resolve: Resolve = resolve) -> CameraAddress:
    """Return the parsed address of a camera that may be recorded, or raise AddressError with the reason.

    Every address the name resolves to must be allowed: the recorder picks one of them later.
    """
    try:
        address = parse_address(text)
    except RtspError as error:
        raise _refused(error) from error
    if not networks.allows_port(address.port):
        raise AddressError("registry.port_not_allowed", port=address.port, allowed=_ports_text(networks))
    for numeric in resolve(address.host):
        if not connecting.may_take_from(is_within_networks=networks.allows_host(numeric)).allowed:
            raise AddressError(
                "registry.network_not_allowed",
                host=address.host,
                address=numeric,
                allowed=", ".join(map(str, networks.networks)),
            )
    return address


def _refused(error: RtspError) -> AddressError:
    """Say which part is wrong without repeating the text: it may hold a password."""
    reason = str(error.facts.get("reason", ""))
    if reason == "scheme":
        return AddressError("registry.address_scheme")
    if reason == "user_info":
        return AddressError("registry.address_user_info")
    return AddressError("registry.address_malformed", reason=reason)


def _port_range(text: str) -> tuple[int, int]:
    first, _, last = text.partition("-")
    span = (int(first), int(last or first))
    if not 0 < span[0] <= span[1] < 65536:
        raise ValueError(text)
    return span


def _ports_text(networks: CameraNetworks) -> str:
    return ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in networks.ports)
