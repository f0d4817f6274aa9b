"""Addresses of this room."""

from mingjian.people.routing import Proof, SignedIn, Staff, route
from mingjian.viewing.pages import (
    applying,
    assisting,
    attaching,
    deciding,
    holding,
    objecting,
    playing,
    recusing,
    register,
    restricting,
    room,
    supervising,
)
from mingjian.viewing.rules import (
    ApplicationOfDesk,
    AssistingUnit,
    AttachmentOfDecider,
    HeldApplication,
    MayApply,
    OwnApplication,
    OwnAttachment,
    OwnOpenSession,
    OwnSession,
    SessionOfCampus,
    ViewingDesk,
)

_MINE = "viewings/<str:application_id>/"
_DESK = "viewing-desk/<str:application_id>/"
_HELD = "viewing-sessions/<str:session_id>/"
_FILE = "<str:attachment_id>/"
_FORM = ("GET", "POST")
_ACT = ("POST",)

urlpatterns = [
    route("viewings/", applying.mine, name="my_viewings", rule=SignedIn()),
    route("viewings/apply/", applying.apply, name="apply_to_view", rule=MayApply(), methods=_FORM),
    route(_MINE, applying.tracker, name="my_application", rule=OwnApplication()),
    route(f"{_MINE}confirm/", assisting.confirm, name="confirm_application", rule=OwnApplication(), methods=_ACT),
    route(f"{_MINE}complete/", applying.complete, name="complete_application", rule=OwnApplication(), methods=_ACT),
    route(f"{_MINE}withdraw/", applying.withdraw, name="withdraw_application", rule=OwnApplication(), methods=_ACT),
    route(f"{_MINE}attachments/", attaching.add, name="attach_files", rule=OwnApplication(), methods=_ACT),
    route(f"{_MINE}attachments/{_FILE}", attaching.own, name="my_attachment", rule=OwnAttachment()),
    route(
        f"{_MINE}object/", objecting.object_to_refusal, name="object_to_refusal", rule=OwnApplication(), methods=_ACT
    ),
    route("viewing-desk/", deciding.inbox, name="viewing_desk", rule=ViewingDesk()),
    route("viewing-desk/assist/", assisting.draft, name="assist_applicant", rule=AssistingUnit(), methods=_FORM),
    route(_DESK, deciding.dossier, name="viewing_application", rule=ApplicationOfDesk()),
    route(f"{_DESK}attachments/{_FILE}", attaching.of_desk, name="viewing_attachment", rule=AttachmentOfDecider()),
    route(
        f"{_DESK}decide/",
        deciding.decide,
        name="decide_viewing",
        rule=ApplicationOfDesk(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        f"{_DESK}review/",
        objecting.review,
        name="review_refusal",
        rule=ApplicationOfDesk(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route(f"{_DESK}recuse/", recusing.recuse, name="recuse", rule=ApplicationOfDesk(), methods=_ACT),
    route(f"{_MINE}elsewhere/", recusing.ask_elsewhere, name="ask_elsewhere", rule=OwnApplication(), methods=_ACT),
    route(f"{_DESK}forward/", deciding.forward, name="forward_viewing", rule=ApplicationOfDesk(), methods=_ACT),
    route(
        f"{_DESK}open/",
        deciding.open_session,
        name="open_viewing",
        rule=ApplicationOfDesk(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route(_HELD, supervising.console, name="supervised_session", rule=OwnSession(), proof=Proof.IN_SESSION),
    route(f"{_HELD}segment/", supervising.segment, name="mark_segment", rule=OwnSession(), methods=_ACT),
    route(
        f"{_HELD}segment/remove/", supervising.remove_segment, name="unmark_segment", rule=OwnSession(), methods=_ACT
    ),
    route(f"{_HELD}show/", supervising.begin_showing, name="begin_showing", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}search/", supervising.search_again, name="search_again", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}admit/", supervising.admit, name="admit_viewer", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}let-out/", supervising.let_out, name="let_viewer_out", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}mark/", supervising.mark, name="mark_clue", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}pause/", supervising.pause, name="pause_viewing", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}resume/", supervising.resume, name="resume_viewing", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}close/", supervising.close, name="close_viewing", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}attend/", supervising.attend, name="attend_viewing", rule=OwnSession(), methods=_ACT),
    route(f"{_HELD}room/", room.room, name="viewing_room", rule=SessionOfCampus()),
    route(
        f"{_HELD}exception/",
        room.exception,
        name="viewing_exception",
        rule=SessionOfCampus(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route(f"{_HELD}revoke/", room.revoke, name="revoke_viewing", rule=SessionOfCampus(), methods=_ACT),
    route(
        f"{_HELD}take-over/",
        room.take_over,
        name="take_over_viewing",
        rule=SessionOfCampus(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "viewing-desk/<str:application_id>/restrict/",
        restricting.restrict,
        name="restrict_viewing",
        rule=ApplicationOfDesk(),
        methods=_ACT,
    ),
    route("viewing-holds/", holding.held, name="held_footage", rule=Staff()),
    route(
        "viewing-holds/<str:application_id>/",
        holding.settle,
        name="settle_holds",
        rule=HeldApplication(),
        methods=_ACT,
        proof=Proof.SECOND_FACTOR,
    ),
    route("viewing-register/", register.register, name="viewing_register", rule=Staff()),
    route(
        "playback/<str:session_id>/",
        playing.playback,
        name="playback",
        rule=OwnOpenSession(),
        proof=Proof.SECOND_FACTOR,
    ),
]
