"""What was done is kept for the next page, with the way back."""

from django.contrib.messages import get_messages
from django.contrib.messages.storage.cookie import CookieStorage
from django.test import RequestFactory

from mingjian.people import telling
from mingjian.people.telling import Undo


def test_what_was_done_carries_the_form_that_takes_it_back() -> None:
    request = RequestFactory().post("/")
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    undo = Undo("/segments/remove/", (("row", "7"),))

    telling.done(request, "已标记。", undo=undo)
    telling.done(request, "已结束。")

    told = [(str(message), telling.undo_of(message.extra_tags or "")) for message in get_messages(request)]
    assert told == [("已标记。", undo), ("已结束。", None)]
