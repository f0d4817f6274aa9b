"""Which addresses the plan lets a worker connect to, asked with the address a name resolved to."""

import ipaddress
from collections.abc import Sequence

from mingjian.recordings.plan import Plan


class AllowedNetworks:
    """The plan's networks and port ranges as one question."""

    def __init__(self, *, networks: Sequence[str], ports: Sequence[tuple[int, int]]) -> None:
        self._networks = [ipaddress.ip_network(text) for text in networks]
        self._ports = tuple(ports)

    @classmethod
    def of(cls, plan: Plan) -> "AllowedNetworks":
        """Return what this plan allows."""
        return cls(networks=plan.allowed_networks, ports=plan.allowed_ports)

    def allows(self, host: str, port: int) -> bool:
        """Say whether a connection to this resolved address may be made; what is no address may not."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self._networks) and any(
            first <= port <= last for first, last in self._ports
        )
