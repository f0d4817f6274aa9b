"""What a rig prints: a line per figure, `METRIC value unit PASS|FAIL`, and an exit code that says the same."""

import platform
import sys
from dataclasses import dataclass, field


@dataclass(slots=True)
class Verdict:
    """Figures of one rig, told as they become known."""

    failed: list[str] = field(default_factory=list)

    def judge(self, metric: str, value: float, unit: str, *, at_most: float) -> None:
        """Tell a figure that must not be larger."""
        self._tell(metric, value, unit, value <= at_most)

    def judge_least(self, metric: str, value: float, unit: str, *, at_least: float) -> None:
        """Tell a figure that must not be smaller."""
        self._tell(metric, value, unit, value >= at_least)

    def note(self, text: str) -> None:
        """Tell something that is not judged."""
        print(text, flush=True)

    def finish(self) -> None:
        """End the process with 0 when every figure passed."""
        print(f"machine {platform.machine()} kernel {platform.release()}", flush=True)
        print("VERDICT " + ("FAIL " + " ".join(self.failed) if self.failed else "PASS"), flush=True)
        sys.exit(1 if self.failed else 0)

    def _tell(self, metric: str, value: float, unit: str, passed: bool) -> None:  # noqa: FBT001  the outcome itself
        if not passed:
            self.failed.append(metric)
        shown = f"{value:.3f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
        print(f"{metric} {shown} {unit} {'PASS' if passed else 'FAIL'}", flush=True)
