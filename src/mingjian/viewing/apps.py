"""Django's name for this room."""

from django.apps import AppConfig


class ViewingConfig(AppConfig):
    name = "mingjian.viewing"
    label = "viewing"
