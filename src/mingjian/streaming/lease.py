"""How long a viewer may still be served: the lease that its last renewal bought, and no longer."""

from mingjian.base.clock import Clock
from mingjian.grants.claims import LEASE_90K, Grant
from mingjian.streaming.protocol import Refusal

FOREIGN_LEASE = Refusal("streaming.foreign_lease")


class Lease:
    """One viewer's right to the next few seconds. Runs out by the monotonic clock, whatever the wall clock does."""

    def __init__(self, *, grant: Grant, clock: Clock) -> None:
        self._clock = clock
        self.grant = grant
        self._until_90k: int = clock.monotonic()
        self._extend(grant)

    def renew(self, grant: Grant, *, camera_id: str, track: str) -> Refusal | None:
        """Take a verified renewal. Refused when it is another grant, or no longer names what is being served."""
        held = self.grant
        if (grant.grant_id, grant.person_id, grant.purpose) != (held.grant_id, held.person_id, held.purpose):
            return FOREIGN_LEASE
        if not grant.covers(camera_id=camera_id, track=track):
            return FOREIGN_LEASE
        self.grant = grant
        self._extend(grant)
        return None

    @property
    def lapses_at_90k(self) -> int:
        """Return the monotonic instant at which it runs out."""
        return self._until_90k

    def remaining_90k(self) -> int:
        """Return how much of the lease is left; 0 or less when it has run out."""
        return self._until_90k - self._clock.monotonic()

    def _extend(self, grant: Grant) -> None:
        # A paper that claims more than a lease's length is believed for a lease's length.
        left = min(grant.expires_at_90k - self._clock.utc(), LEASE_90K)
        self._until_90k = max(self._until_90k, self._clock.monotonic() + left)
