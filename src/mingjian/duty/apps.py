"""Django's name for this room."""

from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "mingjian.duty"
    label = "duty"
