"""Django's name for this room."""

from django.apps import AppConfig

from mingjian.console import log_sparing


class ConsoleConfig(AppConfig):
    name = "mingjian.console"
    label = "console"

    def ready(self) -> None:
        """Weigh Django's log lines, and tell viewing who knows the shifts: neighbours do not know each other."""
        from mingjian.duty import queries as duty
        from mingjian.viewing import attendance

        log_sparing.start()
        attendance.tell(duty.campuses_on_shift)
