"""What was done, as the frame shows it."""

from django import template

from mingjian.people import telling

register = template.Library()
register.filter("undo_of", telling.undo_of)
