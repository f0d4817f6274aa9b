"""Django's name for this room."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "mingjian.console"
    label = "console"

    def ready(self) -> None:
        """Tell the room of viewing who knows the shifts: neighbours do not know each other."""
        from mingjian.duty import queries as duty
        from mingjian.viewing import attendance

        attendance.tell(duty.campuses_on_shift)
