"""Ask before the start whether our ports are free, and say which setting changes a taken one."""

import errno
import socket

from mingjian.base.errors import MingjianError
from mingjian.host.home import Home


class PortError(MingjianError):
    """We cannot listen: "host.port_taken", "host.port_forbidden", "host.bad_bind"; facts name the setting to change."""


def check_free(home: Home) -> None:
    """Raise PortError for the first of the home's two ports that we may not listen on."""
    for setting, port in (("MINGJIAN_PORT", home.port), ("MINGJIAN_MEDIA_PORT", home.media_port)):
        try:
            _try_to_listen(home.bind, port)
        except PermissionError as error:
            raise PortError("host.port_forbidden", setting=setting, port=port) from error
        except socket.gaierror as error:
            raise PortError("host.bad_bind", setting="MINGJIAN_BIND", bind=home.bind) from error
        except OSError as error:
            if error.errno == errno.EADDRNOTAVAIL:
                raise PortError("host.bad_bind", setting="MINGJIAN_BIND", bind=home.bind) from error
            raise PortError("host.port_taken", setting=setting, port=port, bind=home.bind) from error


def _try_to_listen(bind: str, port: int) -> None:
    family, kind, _, _, address = socket.getaddrinfo(bind, port, type=socket.SOCK_STREAM)[0]
    with socket.socket(family, kind) as probe:
        # As the servers do: connections of an earlier life may still be waiting out their time.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind(address)
        probe.listen(1)
