"""Persons, sign-in, web sessions, who acts in which capacity, and the rule every route declares."""
