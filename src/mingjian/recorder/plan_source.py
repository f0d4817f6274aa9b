"""The plan as a recorder process follows it: read again when replaced, the last one kept when the new is refused."""

import logging

from mingjian.base.errors import MingjianError
from mingjian.grants.signing import KeyPurpose, load_verifier
from mingjian.host.deployment import Deployment
from mingjian.host.home import Home
from mingjian.recordings import plan_paper
from mingjian.recordings.plan import Plan

_logger = logging.getLogger(__name__)


class PlanSource:
    """Watches the plan paper. Whatever befalls it, recording goes on with the last good one."""

    def __init__(self, *, home: Home, deployment: Deployment) -> None:
        self.plan: Plan | None = None
        self._home = home
        self._deployment = deployment
        self._seen: tuple[int, int] | None = None

    def poll(self) -> Plan | None:
        """Return the plan if it is another than at the last call, else None."""
        try:
            entry = self._home.plan.stat()
        except FileNotFoundError:
            return None
        seen = (entry.st_ino, entry.st_mtime_ns)
        if seen == self._seen:
            return None
        self._seen = seen
        try:
            plan = self._read()
            plan_paper.require_successor(current=self.plan, candidate=plan)
        except (MingjianError, OSError) as error:
            _logger.error("plan refused, going on with the last one", extra={"reason": str(error)})
            return None
        self.plan = plan
        return plan

    def _read(self) -> Plan:
        # The keys are read each time: a rotated key arrives with the plan that it signed.
        return plan_paper.read(
            self._home.plan,
            verifier=load_verifier(self._home, purpose=KeyPurpose.PLAN),
            deployment_id=self._deployment.deployment_id,
        )
