"""Which processes a home needs, and how to tell from outside that each of them works."""

import http.client
import json
import signal
import socket
import sys
from collections.abc import Callable, Sequence

from mingjian.cli.commands import local_host
from mingjian.demo import simulated_cameras
from mingjian.host import apart, deployment
from mingjian.host.database import Role
from mingjian.host.home import Home
from mingjian.host.placement import RunAs
from mingjian.host.postgres import Cluster
from mingjian.host.process import ProcessSpec, Stage
from mingjian.recorder.plan_source import PlanSource
from mingjian.recorder.targets import workers_needed

_PROBE_TIMEOUT_S = 1.0
_WEB_CONNECTIONS = "16"


def postgres(cluster: Cluster) -> ProcessSpec:
    """The private database."""
    return ProcessSpec(
        name="postgres",
        stage=Stage.DATABASE,
        command=tuple(cluster.command()),
        is_ready=cluster.is_ready,
        before_start=cluster.drop_stale_lock,
        run_as=cluster.placement.run_as,
        stop_signal=signal.SIGINT,
        stop_timeout_s=30.0,
    )


def preparation(home: Home, cluster: Cluster) -> ProcessSpec:
    """The command that migrates and fills in what is missing, then ends. It begins as the database's owner."""
    return _ours(home, ("prepare",), Stage.CLERK, lambda: True, _database(cluster, Role.OWNER))


def control_plane(home: Home, cluster: Cluster) -> list[ProcessSpec]:
    """Signer, clerk, streaming and web."""
    web = {**_database(cluster, Role.WEB), "MINGJIAN_PG_POOL_SIZE": _WEB_CONNECTIONS}
    return [
        _ours(home, ("signer",), Stage.CLERK, home.signer_socket.is_socket, run_as=apart.signer_user(home)),
        _ours(home, ("clerk",), Stage.CLERK, (home.sockets / "clerk.json").exists, _database(cluster, Role.WEB)),
        _ours(
            home, ("streaming",), Stage.STREAMING, _answers(home, home.media_port), _database(cluster, Role.STREAMING)
        ),
        _ours(home, ("web",), Stage.WEB, _answers(home, home.port), web),
    ]


def scenes(home: Home) -> ProcessSpec:
    """The command that draws a demo's scenes, then ends."""
    return _ours(home, ("demo-scenes",), Stage.CAMERA, lambda: True)


def cameras(home: Home) -> ProcessSpec:
    """The simulated cameras of a demo."""
    site = simulated_cameras.site_of(home)
    listening = _listens(simulated_cameras.HOST, site.port)
    return _ours(home, ("demo-cameras",), Stage.CAMERA, listening)


class Recorders:
    """Keepers and workers, as many as the plan asks for; none before the first plan."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._plans = PlanSource(home=home, deployment=deployment.load(home))

    def wanted(self) -> list[ProcessSpec]:
        """Return the processes that the newest good plan needs."""
        self._plans.poll()
        plan = self._plans.plan
        if plan is None:
            return []
        return [
            *(self._keeper(volume.volume_id) for volume in plan.volumes),
            *(self._worker(index) for index in range(workers_needed(plan))),
        ]

    def _keeper(self, volume_id: str) -> ProcessSpec:
        path = self._home.keeper_socket(volume_id)
        command = ("recorder-keeper", "--volume", volume_id)
        name = f"recorder-keeper-{volume_id[:8]}"
        return _ours(self._home, command, Stage.KEEPER, path.is_socket, name=name, is_vital=False)

    def _worker(self, index: int) -> ProcessSpec:
        name = f"recorder-worker-{index}"
        state = self._home.worker_state(f"w{index}")
        command = ("recorder-worker", "--index", str(index))
        return _ours(self._home, command, Stage.WORKER, state.exists, name=name, is_vital=False)


def all_wanted(fixed: Sequence[ProcessSpec], recorders: Recorders) -> Callable[[], list[ProcessSpec]]:
    """Return what the supervisor asks every two seconds."""
    return lambda: [*fixed, *recorders.wanted()]


def _ours(
    home: Home,
    command: tuple[str, ...],
    stage: Stage,
    is_ready: Callable[[], bool],
    environment: dict[str, str] | None = None,
    *,
    name: str = "",
    is_vital: bool = True,
    run_as: RunAs | None = None,
) -> ProcessSpec:
    return ProcessSpec(
        name=name or command[0],
        stage=stage,
        command=(sys.executable, "-m", "mingjian.cli", *command),
        is_ready=is_ready,
        environment={
            "MINGJIAN_HOME": str(home.root),
            "MINGJIAN_BIND": home.bind,
            "MINGJIAN_PORT": str(home.port),
            "MINGJIAN_MEDIA_PORT": str(home.media_port),
            "PYTHONUNBUFFERED": "1",
            **(environment or {}),
        },
        is_vital=is_vital,
        run_as=run_as,
    )


def _database(cluster: Cluster, role: Role) -> dict[str, str]:
    return cluster.address(role).environment()


def _answers(home: Home, port: int) -> Callable[[], bool]:
    # Not urllib: it would ask the proxy that the machine may have.
    host = local_host(home)

    def probe() -> bool:
        line = http.client.HTTPConnection(host, port, timeout=_PROBE_TIMEOUT_S)
        try:
            line.request("GET", "/healthz")
            return bool(json.load(line.getresponse()).get("status") == "ok")
        except (http.client.HTTPException, OSError, ValueError):
            return False
        finally:
            line.close()

    return probe


def _listens(host: str, port: int) -> Callable[[], bool]:
    def probe() -> bool:
        try:
            socket.create_connection((host, port), timeout=_PROBE_TIMEOUT_S).close()
        except OSError:
            return False
        return True

    return probe
