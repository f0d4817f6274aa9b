"""One row of the tables of messages: what happened, what to do now, and the status a page answers with."""

from http import HTTPStatus

from django.utils.functional import Promise

Row = tuple[str | Promise, str | Promise, HTTPStatus]
