"""Django's name for this room."""

from django.apps import AppConfig

from mingjian.console import log_sparing


class ConsoleConfig(AppConfig):
    name = "mingjian.console"
    label = "console"

    def ready(self) -> None:
        """Weigh Django's log lines, and tell neighbours who knows shifts and matters: they do not know each other."""
        from mingjian.console import matters
        from mingjian.duty import queries as duty
        from mingjian.oversight import matters as oversight
        from mingjian.viewing import attendance

        log_sparing.start()
        attendance.tell(duty.campuses_on_shift)
        oversight.tell(matters.matter_of)
