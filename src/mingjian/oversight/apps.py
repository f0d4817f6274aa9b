"""Django's name for this room."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    name = "mingjian.oversight"
    label = "oversight"
