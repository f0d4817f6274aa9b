"""Django's name for this room."""

from django.apps import AppConfig

from mingjian.console import log_sparing


class ConsoleConfig(AppConfig):
    name = "mingjian.console"
    label = "console"

    def ready(self) -> None:
        """Django is there: from here on its lines are ours to weigh."""
        log_sparing.start()
