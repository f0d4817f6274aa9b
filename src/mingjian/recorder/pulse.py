"""Whether a volume's disk answers, in its keeper's hands: noted after each sync, published whether it does or not."""

import logging
from collections.abc import Callable

from mingjian.host.home import Home
from mingjian.recorder import keeper_paper
from mingjian.recorder.keeper_paper import KeeperPaper
from mingjian.recorder.timeline import Timeline
from mingjian.recordings import ballast
from mingjian.recordings.levels import VolumeLevel
from mingjian.recordings.scrub import Progress
from mingjian.recordings.volume import Volume

_logger = logging.getLogger(__name__)


class Pulse:
    """`answered` is called by whoever waits for the disk, `publish` by somebody who never does."""

    def __init__(
        self,
        *,
        home: Home,
        volume: Volume,
        host_timeline: Timeline,
        rereading: Callable[[], Progress],
        leapt: Callable[[], int],
    ) -> None:
        self._home = home
        self._volume = volume
        self._timeline = host_timeline
        self._rereading, self._leapt = rereading, leapt
        # It has just been opened, and written to.
        self._answered_at_90k: int = host_timeline.now()
        self._figures: tuple[VolumeLevel, int | None, int, bool] = (VolumeLevel.ROOMY, None, 0, True)

    def answered(self) -> None:
        """Note that the disk answered, if only with an error, and how it is; may wait for it."""
        self._answered_at_90k = self._timeline.now()
        try:
            volume = self._volume
            self._figures = (
                volume.published_level(),
                volume.published_full_in_days(),
                volume.free_bytes(),
                ballast.is_whole(volume.path, disk=volume.disk),
            )
        except OSError as error:
            _logger.warning("volume cannot be looked at", extra={"reason": str(error)})

    def publish(self) -> None:
        """Write the paper of this moment."""
        level, full_in_days, free_bytes, has_ballast = self._figures
        reread = self._rereading()
        paper = KeeperPaper(
            at_90k=self._timeline.now(),
            answered_at_90k=self._answered_at_90k,
            level=level.value,
            full_in_days=full_in_days,
            free_bytes=free_bytes,
            has_ballast=has_ballast,
            reread_bytes=reread.read_bytes,
            of_bytes=reread.of_bytes,
            reread_all_at_90k=reread.ended_at_90k,
            damaged=reread.damaged,
            leapt_90k=self._leapt(),
        )
        try:
            keeper_paper.write(self._home, self._volume.identity.volume_id, paper)
        except OSError as error:
            # The home's disk is full or gone; recording needs it not.
            _logger.error("volume's paper not written", extra={"reason": str(error)})
