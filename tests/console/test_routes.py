"""Every door, one table: a route that is not listed here fails, and each role meets what is written."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from django.db import transaction
from django.test import Client

from mingjian.base.clock import SystemClock
from mingjian.base.ticks import TICKS_PER_S
from mingjian.console.routes import all_routes
from mingjian.duty import usecases as duty
from mingjian.oversight import usecases as oversight
from mingjian.oversight.matters import Matter
from mingjian.oversight.usecases import Grievance
from mingjian.people import acts
from mingjian.people.capacity import Acting, first_capacity
from mingjian.people.models import Person
from mingjian.people.routing import Proof
from mingjian.registry.models import Camera
from mingjian.viewing import usecases as viewing
from mingjian.viewing.examining import examine
from mingjian.viewing.models import ViewingSession

PASSWORD = "correct horse battery"
HOUR_90K = 3600 * TICKS_PER_S

RULES = {
    ("web", "http", "/"): "signed_in",
    ("web", "http", "/ledger/"): "signed_in",
    ("web", "http", "/ledger/<int:seq>/"): "signed_in",
    ("web", "http", "/duty-log/"): "of_body",
    ("web", "http", "/search/"): "signed_in",
    ("web", "http", "/preferences/"): "anyone",
    ("web", "http", "/healthz"): "anyone",
    ("web", "http", "/sign-in/"): "anyone",
    ("web", "http", "/sign-in/cas/"): "anyone",
    ("web", "http", "/sign-in/cas/back/"): "anyone",
    ("web", "http", "/sign-in/oidc/"): "anyone",
    ("web", "http", "/sign-in/oidc/back/"): "anyone",
    ("web", "http", "/sign-in/ldap/"): "anyone",
    ("web", "http", "/sign-out/"): "signed_in",
    ("web", "http", "/capacity/"): "signed_in",
    ("web", "http", "/sessions/"): "signed_in",
    ("web", "http", "/password/"): "signed_in",
    ("web", "http", "/factors/"): "signed_in",
    ("web", "http", "/factors/app/"): "signed_in",
    ("web", "http", "/factors/passkey/"): "signed_in",
    ("web", "http", "/factors/<str:factor_id>/remove/"): "signed_in",
    ("web", "http", "/prove/"): "signed_in",
    ("web", "http", "/people/<str:person_id>/factors/"): "account_keeper",
    ("web", "http", "/delegations/"): "signed_in",
    ("web", "http", "/delegations/new/"): "signed_in",
    ("web", "http", "/delegations/<str:appointment_id>/revoke/"): "signed_in",
    ("web", "http", "/training/"): "signed_in",
    ("web", "http", "/staff/"): "appointer",
    ("web", "http", "/people/<str:person_id>/training/"): "appointer",
    ("web", "http", "/people/<str:person_id>/closed/"): "account_keeper",
    ("web", "http", "/people/<str:person_id>/training/record/"): "appointer",
    ("web", "http", "/training/<str:qualification_id>/withdraw/"): "appointer",
    ("web", "http", "/people/"): "personnel",
    ("web", "http", "/people/new/"): "account_keeper",
    ("web", "http", "/people/leavers/"): "account_keeper",
    ("web", "http", "/people/leavers/<str:list_id>/"): "account_keeper",
    ("web", "http", "/people/leavers/<str:list_id>/confirm/"): "account_keeper",
    ("web", "http", "/people/leavers/<str:list_id>/decline/"): "account_keeper",
    ("web", "http", "/people/import/"): "importer",
    ("web", "http", "/people/import/<str:kind>/"): "importer",
    ("web", "http", "/people/import-templates/<str:kind>.<str:form>"): "importer",
    ("web", "http", "/people/import/runs/<str:run_id>/"): "importer",
    ("web", "http", "/people/import/runs/<str:run_id>/enter/"): "importer",
    ("web", "http", "/people/import/runs/<str:run_id>/put-away/"): "importer",
    ("web", "http", "/people/<str:person_id>/"): "personnel",
    ("web", "http", "/people/<str:person_id>/appoint/"): "appointer",
    ("web", "http", "/appointments/<str:appointment_id>/end/"): "appointer",
    ("web", "http", "/appointments/<str:appointment_id>/confirm/"): "appointer",
    ("web", "http", "/people/<str:person_id>/suspend/"): "account_keeper",
    ("web", "http", "/people/<str:person_id>/reopen/"): "account_keeper",
    ("web", "http", "/people/<str:person_id>/reinstate/"): "account_keeper",
    ("web", "http", "/people/<str:person_id>/password/"): "account_keeper",
    ("web", "http", "/sessions/console/"): "operator",
    ("web", "http", "/sessions/<str:key_hash>/end/"): "signed_in",
    ("web", "http", "/shift/start/"): "operator",
    ("web", "http", "/shift/end/"): "operator",
    ("web", "http", "/wall/"): "operator_on_shift",
    ("web", "http", "/wall/states/"): "operator_on_shift",
    ("web", "http", "/viewings/"): "signed_in",
    ("web", "http", "/playback/<str:session_id>/"): "own_open_session",
    ("web", "http", "/viewings/apply/"): "may_apply",
    ("web", "http", "/viewings/<str:application_id>/"): "own_application",
    ("web", "http", "/viewings/<str:application_id>/complete/"): "own_application",
    ("web", "http", "/viewings/<str:application_id>/withdraw/"): "own_application",
    ("web", "http", "/viewings/<str:application_id>/object/"): "own_application",
    ("web", "http", "/viewings/<str:application_id>/elsewhere/"): "own_application",
    ("web", "http", "/viewing-desk/<str:application_id>/recuse/"): "application_of_desk",
    ("web", "http", "/viewings/<str:application_id>/attachments/"): "own_application",
    ("web", "http", "/viewings/<str:application_id>/attachments/<str:attachment_id>/"): "own_attachment",
    ("web", "http", "/viewing-desk/<str:application_id>/attachments/<str:attachment_id>/"): "attachment_of_decider",
    ("web", "http", "/viewings/<str:application_id>/confirm/"): "own_application",
    ("web", "http", "/viewing-desk/assist/"): "assisting_unit",
    ("web", "http", "/viewing-desk/"): "viewing_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/"): "application_of_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/decide/"): "application_of_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/review/"): "application_of_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/forward/"): "application_of_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/open/"): "application_of_desk",
    ("web", "http", "/viewing-sessions/<str:session_id>/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/admit/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/mark/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/pause/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/resume/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/close/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/exception/"): "session_of_campus",
    ("web", "http", "/viewing-sessions/<str:session_id>/segment/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/segment/remove/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/show/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/search/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/let-out/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/attend/"): "own_session",
    ("web", "http", "/viewing-sessions/<str:session_id>/room/"): "session_of_campus",
    ("web", "http", "/viewing-sessions/<str:session_id>/revoke/"): "session_of_campus",
    ("web", "http", "/viewing-sessions/<str:session_id>/take-over/"): "session_of_campus",
    ("web", "http", "/viewing-holds/"): "staff",
    ("web", "http", "/viewing-holds/<str:application_id>/"): "held_application",
    ("web", "http", "/viewing-register/"): "staff",
    ("web", "http", "/cameras/"): "of_body",
    ("web", "http", "/cameras/<str:camera_id>/"): "camera_in_reach",
    ("web", "http", "/cameras/<str:camera_id>/move/"): "camera_to_move",
    ("web", "http", "/articles/"): "signed_in",
    ("web", "http", "/matrix/"): "signed_in",
    ("web", "http", "/policies/"): "signed_in",
    ("web", "http", "/readings/"): "signed_in",
    ("web", "http", "/policies/<str:topic>/"): "signed_in",
    ("web", "http", "/policies/<str:topic>/propose/"): "ruling_body",
    ("web", "http", "/rulings/<str:ruling_id>/confirm/"): "ruling_body",
    ("web", "http", "/rulings/<str:ruling_id>/turn-down/"): "ruling_body",
    ("web", "http", "/complaints/"): "signed_in",
    ("web", "http", "/complaints/new/"): "signed_in",
    ("web", "http", "/complaint-desk/"): "complaint_desk",
    ("web", "http", "/complaints/<str:complaint_id>/"): "complaint_in_sight",
    ("web", "http", "/complaints/<str:complaint_id>/withdraw/"): "own_complaint",
    ("web", "http", "/complaints/<str:complaint_id>/handle/"): "complaint_desk",
    ("web", "http", "/inquiries/"): "inquiry_desk",
    ("web", "http", "/inquiries/new/"): "auditor",
    ("web", "http", "/inquiries/<str:inquiry_id>/"): "inquiry_desk",
    ("web", "http", "/inquiries/<str:inquiry_id>/act/"): "inquiry_desk",
    ("web", "http", "/viewing-desk/<str:application_id>/restrict/"): "application_of_desk",
    ("web", "websocket", "/leases"): "signed_in",
    ("media", "http", "/healthz"): "anyone",
    ("media", "websocket", "/media"): "grant",
}

# What each role gets from each page: anonymous, no post, operator off shift, operator on shift, of another campus, the
# holder of the viewing session once it has been revoked, the campus's reviewer, the supervisor of tier 1, the operator
# of a tier-3 unit, the audit administrator.
ROLES = (
    "anonymous",
    "none",
    "off_shift",
    "on_shift",
    "other_campus",
    "revoked_holder",
    "reviewer",
    "supervisor",
    "unit_operator",
    "auditor",
)
GET_ANSWERS = {
    "/factors/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/factors/app/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/factors/passkey/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/factors/<str:factor_id>/remove/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/prove/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/people/<str:person_id>/factors/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/delegations/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/delegations/new/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/delegations/<str:appointment_id>/revoke/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/training/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/staff/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/training/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/closed/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/training/record/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/training/<str:qualification_id>/withdraw/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/password/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/people/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/new/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/leavers/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/leavers/<str:list_id>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/leavers/<str:list_id>/confirm/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/leavers/<str:list_id>/decline/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import/<str:kind>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import-templates/<str:kind>.<str:form>": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import/runs/<str:run_id>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import/runs/<str:run_id>/enter/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import/runs/<str:run_id>/put-away/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/appoint/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/appointments/<str:appointment_id>/end/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/appointments/<str:appointment_id>/confirm/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/suspend/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/reopen/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/reinstate/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/password/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    # Whose day starts in a room is led there.
    "/": (302, 302, 200, 200, 200, 200, 302, 200, 200, 302),
    "/ledger/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    # Nothing stands in the ledger at that number.
    "/ledger/<int:seq>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/duty-log/": (302, 404, 200, 200, 200, 200, 200, 200, 200, 404),
    "/search/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/preferences/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/healthz": (200, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sign-in/": (200, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    # No door outside is set up here.
    "/sign-in/cas/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-in/cas/back/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-in/oidc/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-in/oidc/back/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-in/ldap/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-out/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/capacity/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sessions/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/sessions/console/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sessions/<str:key_hash>/end/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/shift/start/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/shift/end/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/wall/": (302, 403, 403, 200, 200, 403, 200, 403, 403, 403),
    "/wall/states/": (302, 403, 403, 200, 200, 403, 200, 403, 403, 403),
    "/viewings/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/playback/<str:session_id>/": (302, 404, 404, 200, 404, 403, 404, 404, 404, 404),
    "/viewings/apply/": (302, 200, 200, 200, 200, 200, 200, 403, 403, 403),
    "/viewings/<str:application_id>/": (302, 200, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewings/<str:application_id>/complete/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/<str:application_id>/attachments/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/<str:application_id>/attachments/<str:attachment_id>/": (
        302,
        200,
        404,
        404,
        404,
        404,
        404,
        404,
        404,
        404,
    ),
    "/viewing-desk/<str:application_id>/attachments/<str:attachment_id>/": (
        302,
        404,
        404,
        404,
        404,
        404,
        200,
        404,
        404,
        404,
    ),
    "/viewings/<str:application_id>/confirm/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/assist/": (302, 404, 404, 404, 404, 404, 404, 404, 200, 404),
    "/viewings/<str:application_id>/withdraw/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/": (302, 404, 200, 200, 200, 200, 200, 200, 200, 404),
    "/viewing-desk/<str:application_id>/": (302, 404, 404, 404, 404, 404, 200, 200, 404, 404),
    "/viewing-desk/<str:application_id>/decide/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/review/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/<str:application_id>/elsewhere/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/recuse/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/<str:application_id>/object/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/forward/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/open/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/admit/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/mark/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/pause/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/resume/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/close/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/exception/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/segment/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/segment/remove/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/show/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/search/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/let-out/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/attend/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/room/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/revoke/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/take-over/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-holds/": (302, 404, 200, 200, 200, 200, 200, 200, 404, 404),
    "/viewing-holds/<str:application_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-register/": (302, 404, 200, 200, 200, 200, 200, 200, 404, 404),
    "/cameras/": (302, 404, 200, 200, 200, 200, 200, 200, 200, 404),
    "/cameras/<str:camera_id>/": (302, 404, 200, 200, 404, 200, 200, 200, 404, 404),
    "/cameras/<str:camera_id>/move/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/articles/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/matrix/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/policies/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/readings/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/policies/<str:topic>/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/policies/<str:topic>/propose/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/rulings/<str:ruling_id>/confirm/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/rulings/<str:ruling_id>/turn-down/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/complaints/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/complaints/new/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/complaint-desk/": (302, 404, 404, 404, 404, 404, 404, 200, 404, 404),
    "/complaints/<str:complaint_id>/": (302, 200, 404, 404, 404, 404, 404, 200, 404, 404),
    "/complaints/<str:complaint_id>/withdraw/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/complaints/<str:complaint_id>/handle/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/inquiries/": (302, 404, 404, 404, 404, 404, 404, 200, 404, 200),
    "/inquiries/new/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/inquiries/<str:inquiry_id>/": (302, 404, 404, 404, 404, 404, 404, 200, 404, 200),
    "/inquiries/<str:inquiry_id>/act/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/restrict/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
}
POST_ANSWERS = {
    "/factors/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    # What was sent has no secret that belongs to it: a fresh one is shown.
    "/factors/app/": (302, 200, 200, 200, 200, 200, 200, 200, 200, 200),
    "/factors/passkey/": (302, 400, 400, 400, 400, 400, 400, 400, 400, 400),
    "/factors/<str:factor_id>/remove/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    # Nobody here has a factor, so that none is right.
    "/prove/": (302, 403, 403, 403, 403, 403, 403, 403, 403, 403),
    "/people/<str:person_id>/factors/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/delegations/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    # Who holds a post is asked for what is missing; whether it may be lent is weighed with the form.
    "/delegations/new/": (302, 404, 400, 400, 400, 400, 400, 400, 400, 400),
    "/delegations/<str:appointment_id>/revoke/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/training/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/staff/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/training/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/closed/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/training/record/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/training/<str:qualification_id>/withdraw/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/password/": (302, 400, 400, 400, 400, 400, 400, 400, 400, 400),
    "/people/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/new/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/leavers/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/leavers/<str:list_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/leavers/<str:list_id>/confirm/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/leavers/<str:list_id>/decline/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import/<str:kind>/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import-templates/<str:kind>.<str:form>": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import/runs/<str:run_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/import/runs/<str:run_id>/enter/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/import/runs/<str:run_id>/put-away/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/people/<str:person_id>/appoint/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/appointments/<str:appointment_id>/end/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/appointments/<str:appointment_id>/confirm/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/suspend/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/reopen/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/reinstate/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/people/<str:person_id>/password/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/ledger/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/ledger/<int:seq>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/duty-log/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/search/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/preferences/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/healthz": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/": (400, 400, 400, 400, 400, 400, 400, 400, 400, 400),
    # No door outside is set up here.
    "/sign-in/cas/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/cas/back/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/oidc/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/oidc/back/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sign-in/ldap/": (404, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/sign-out/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/capacity/": (302, 302, 302, 302, 302, 302, 302, 302, 302, 302),
    "/sessions/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/sessions/console/": (302, 404, 403, 403, 403, 403, 404, 404, 403, 404),
    "/sessions/<str:key_hash>/end/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/shift/start/": (302, 404, 302, 409, 409, 302, 404, 404, 302, 404),
    "/shift/end/": (302, 404, 409, 302, 302, 409, 404, 404, 409, 404),
    "/wall/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/wall/states/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/playback/<str:session_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/apply/": (302, 400, 400, 400, 400, 400, 400, 403, 403, 403),
    "/viewings/<str:application_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewings/<str:application_id>/complete/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewings/<str:application_id>/attachments/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewings/<str:application_id>/attachments/<str:attachment_id>/": (
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
    ),
    "/viewing-desk/<str:application_id>/attachments/<str:attachment_id>/": (
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
        405,
    ),
    "/viewings/<str:application_id>/confirm/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-desk/assist/": (302, 404, 404, 404, 404, 404, 404, 404, 400, 404),
    "/viewings/<str:application_id>/withdraw/": (302, 302, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-desk/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-desk/<str:application_id>/decide/": (302, 404, 404, 404, 404, 404, 400, 400, 404, 404),
    "/viewing-desk/<str:application_id>/review/": (302, 404, 404, 404, 404, 404, 400, 400, 404, 404),
    "/viewings/<str:application_id>/elsewhere/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-desk/<str:application_id>/recuse/": (302, 404, 404, 404, 404, 404, 400, 400, 404, 404),
    "/viewings/<str:application_id>/object/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-desk/<str:application_id>/forward/": (302, 404, 404, 404, 404, 404, 302, 302, 404, 404),
    "/viewing-desk/<str:application_id>/open/": (302, 404, 404, 404, 404, 404, 403, 403, 404, 404),
    "/viewing-sessions/<str:session_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/admit/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/mark/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/pause/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/resume/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/close/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/exception/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/segment/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/segment/remove/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/show/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/search/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/let-out/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/attend/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/room/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-sessions/<str:session_id>/revoke/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-sessions/<str:session_id>/take-over/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/viewing-holds/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/viewing-holds/<str:application_id>/": (302, 404, 400, 400, 404, 400, 400, 400, 404, 404),
    "/viewing-register/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/cameras/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/cameras/<str:camera_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/cameras/<str:camera_id>/move/": (302, 404, 403, 403, 404, 403, 403, 403, 404, 404),
    "/articles/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/matrix/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/policies/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/readings/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/policies/<str:topic>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/policies/<str:topic>/propose/": (302, 403, 403, 403, 403, 403, 403, 400, 403, 403),
    "/rulings/<str:ruling_id>/confirm/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/rulings/<str:ruling_id>/turn-down/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/complaints/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/complaints/new/": (302, 400, 400, 400, 400, 400, 400, 400, 400, 400),
    "/complaint-desk/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/complaints/<str:complaint_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/complaints/<str:complaint_id>/withdraw/": (302, 400, 404, 404, 404, 404, 404, 404, 404, 404),
    "/complaints/<str:complaint_id>/handle/": (302, 404, 404, 404, 404, 404, 404, 400, 404, 404),
    "/inquiries/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/inquiries/new/": (302, 404, 404, 404, 404, 404, 404, 404, 404, 404),
    "/inquiries/<str:inquiry_id>/": (405, 405, 405, 405, 405, 405, 405, 405, 405, 405),
    "/inquiries/<str:inquiry_id>/act/": (302, 404, 404, 404, 404, 404, 404, 400, 404, 400),
    "/viewing-desk/<str:application_id>/restrict/": (302, 404, 404, 404, 404, 404, 400, 400, 404, 404),
}
PAGES = [door for door in all_routes() if (door.port, door.kind) == ("web", "http") and "/api/" not in door.path]


@pytest.mark.article("D799.16.2")
def test_every_door_declares_the_rule_that_is_written_here() -> None:
    doors = {(door.port, door.kind, door.path): door.rule for door in all_routes() if "/api/" not in door.path}
    assert doors == RULES


# What asks for a second factor, and how.
PROOFS = {
    "/shift/start/": "second_factor",
    "/viewing-desk/<str:application_id>/decide/": "second_factor",
    "/viewing-desk/<str:application_id>/review/": "second_factor",
    "/viewing-desk/<str:application_id>/open/": "second_factor",
    "/viewing-sessions/<str:session_id>/": "in_session",
    "/viewing-sessions/<str:session_id>/exception/": "second_factor",
    "/viewing-sessions/<str:session_id>/take-over/": "second_factor",
    "/viewing-holds/<str:application_id>/": "second_factor",
    "/playback/<str:session_id>/": "second_factor",
    "/people/leavers/<str:list_id>/confirm/": "second_factor",
    "/people/leavers/<str:list_id>/decline/": "second_factor",
    "/people/import/runs/<str:run_id>/enter/": "second_factor",
    "/people/<str:person_id>/appoint/": "second_factor",
    "/appointments/<str:appointment_id>/end/": "second_factor",
    "/appointments/<str:appointment_id>/confirm/": "second_factor",
    "/delegations/new/": "second_factor",
    "/delegations/<str:appointment_id>/revoke/": "second_factor",
    "/people/<str:person_id>/training/record/": "second_factor",
    "/training/<str:qualification_id>/withdraw/": "second_factor",
    "/people/<str:person_id>/suspend/": "second_factor",
    "/people/<str:person_id>/reopen/": "second_factor",
    "/people/<str:person_id>/reinstate/": "second_factor",
    "/people/<str:person_id>/password/": "second_factor",
    "/people/<str:person_id>/factors/": "second_factor",
    "/policies/<str:topic>/propose/": "second_factor",
    "/rulings/<str:ruling_id>/confirm/": "second_factor",
    "/rulings/<str:ruling_id>/turn-down/": "second_factor",
    "/api/v1/policies/<str:topic>/propose/": "second_factor",
    "/api/v1/rulings/<str:ruling_id>/confirm/": "second_factor",
    "/api/v1/rulings/<str:ruling_id>/turn-down/": "second_factor",
    "/factors/app/": "standing_factor",
    "/factors/passkey/": "standing_factor",
    "/factors/<str:factor_id>/remove/": "standing_factor",
    "/api/v1/desk/applications/<str:application_id>/decide/": "second_factor",
    "/api/v1/desk/applications/<str:application_id>/review/": "second_factor",
    "/api/v1/desk/applications/<str:application_id>/open/": "second_factor",
}


def test_second_factor_is_asked_for_where_it_is_written_here() -> None:
    assert {door.path: door.proof.value for door in all_routes() if door.proof is not Proof.NONE} == PROOFS


def test_every_page_stands_in_both_tables() -> None:
    assert {door.path for door in PAGES} == set(GET_ANSWERS) == set(POST_ANSWERS)


HELD = {
    "none": (),
    "off_shift": (("operator", "security-office-campus"),),
    "on_shift": (("operator", "security-office-campus"),),
    "other_campus": (("operator", "panjin-general-affairs"),),
    "revoked_holder": (("operator", "security-office-campus"),),
    "reviewer": (("reviewer", "security-office-campus"),),
    "supervisor": (("manager", "security-office"),),
    "unit_operator": (("operator", "library"),),
    "auditor": (("audit_administrator", "security-office"),),
}


@pytest.fixture
def persons(
    register: Callable[..., Camera], hire: Callable[..., Person], act_as: Callable[..., Acting]
) -> dict[str, Person]:
    """One person per role; the camera stands on Lingshui."""
    register()
    made = {role: hire(role, role, *held) for role, held in HELD.items()}
    for role, campus in (("on_shift", "lingshui"), ("other_campus", "panjin")):
        duty.start_shift(acting=act_as(made[role]), campus=campus, actor=acts.SHELL, clock=SystemClock())
    return made


def issue(person: Person) -> ViewingSession:
    clock = SystemClock()
    now_90k = clock.utc()
    return viewing.issue_session(
        person=person,
        cameras=list(Camera.objects.all()),
        start_90k=now_90k - HOUR_90K,
        end_90k=now_90k,
        purpose="失窃",
        valid_until_90k=now_90k + HOUR_90K,
        issued_by=None,
        actor=acts.SHELL,
        clock=clock,
    )


def apply_for_none(persons: dict[str, Person]) -> dict[str, str]:
    """Send an application with a file of the person without a post; return the ids that paths name."""
    clock = SystemClock()
    now_90k = clock.utc()
    application = viewing.submit(
        acting=first_capacity(persons["none"], now_90k=now_90k),
        wish=viewing.Wish(
            incident_kind="theft",
            reason="失窃",
            campus="lingshui",
            building="校门",
            start_90k=now_90k - HOUR_90K,
            end_90k=now_90k,
            phone="138",
        ),
        attachments=[examine(name="回执.pdf", content=b"%PDF-1.7 startxref 0 %%EOF")],
        clock=clock,
    )
    attachment = application.attachments.get()
    complaint = oversight.complain(
        grievance=Grievance(conduct="A14.c", body="library", person_id="", subject="", text="不协助申请人"),
        acting=first_capacity(persons["none"], now_90k=now_90k),
        clock=clock,
    )
    inquiry = oversight.ask(
        matter=Matter("entry:1/1", "1", "security-office", ""),
        body="",
        is_about_conduct=False,
        question="为什么？",
        acting=first_capacity(persons["auditor"], now_90k=now_90k),
        clock=clock,
    )
    return {
        "<str:complaint_id>": str(complaint.pk),
        "<str:inquiry_id>": str(inquiry.pk),
        "<str:application_id>": str(application.pk),
        "<str:attachment_id>": str(attachment.pk),
        "<str:camera_id>": str(Camera.objects.get().pk),
    }


def enter(client: Client, role: str, persons: dict[str, Person]) -> str:
    """Sign in as the role and return the viewing session it will ask for."""
    session = issue(persons["revoked_holder" if role == "revoked_holder" else "on_shift"])
    if role == "revoked_holder":
        viewing.revoke_session(session=session, reason="误签", actor=acts.SHELL, clock=SystemClock())
    if role != "anonymous":
        client.post("/sign-in/", {"username": role, "password": PASSWORD})
    return str(session.pk)


@pytest.mark.article("A14.a")
@pytest.mark.parametrize("role", ROLES)
def test_each_role_meets_what_the_tables_say(
    role: str, client: Client, persons: dict[str, Person], request: pytest.FixtureRequest
) -> None:
    place = ROLES.index(role)
    session_id = enter(client, role, persons)
    named = apply_for_none(persons) | {"<str:session_id>": session_id, "<str:key_hash>": "0" * 64}
    # As in the product: the web's privileges, and no row without the scope of who asks.
    request.getfixturevalue("runtime_role")
    named |= {"<int:seq>": "999999999", "<str:topic>": "objection_period"}
    entered = deepcopy(client.cookies)

    met = {}
    for door in PAGES:
        path = door.path
        for name, value in named.items():
            path = path.replace(name, value)
        for method in ("get", "post"):
            # Each request meets the same rows; what it did is taken back.
            before = transaction.savepoint()
            client.cookies = deepcopy(entered)
            answer = getattr(client, method)(path)
            met[door.path, method] = answer.status_code
            assert answer["Cache-Control"] == "no-store"
            if answer.status_code != 200:
                assert b"mj-" not in answer.content
            transaction.savepoint_rollback(before)

    expected = {(path, "get"): answers[place] for path, answers in GET_ANSWERS.items()}
    expected |= {(path, "post"): answers[place] for path, answers in POST_ANSWERS.items()}
    assert met == expected


def test_each_form_is_refused_without_its_token(persons: dict[str, Person]) -> None:
    client = Client(enforce_csrf_checks=True)

    for door in PAGES:
        if "POST" in door.methods:
            answer = client.post(door.path, {"username": "on_shift", "password": PASSWORD})
            assert answer.status_code == 403
            assert "console.stale_form" in answer.content.decode()
