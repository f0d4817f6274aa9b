"""The words of player, wall and timeline, translated on the server and handed over as JSON."""

from django.utils.translation import gettext as _

from mingjian.registry.words import CAUSE_WORDS


def collect() -> dict[str, str]:
    """Return every word by its key, in the reader's language."""
    words = {
        "play": _("播放"),
        "pause": _("暂停"),
        "step_forward": _("下一帧"),
        "step_back": _("上一帧"),
        "speed": _("速度"),
        "live": _("实时"),
        "connecting": _("正在连接"),
    }
    words.update({f"cause_{cause.value}": str(word) for cause, word in CAUSE_WORDS.items()})
    return words
