"""Addresses of this room."""

from mingjian.people import door_pages, factor_pages, pages, personnel_pages, training_pages
from mingjian.people.routing import Operator, Proof, SignedIn, open_route, route
from mingjian.people.rules import AccountKeeper, Appointer, Personnel

urlpatterns = [
    open_route("sign-in/", pages.sign_in, name="sign_in", methods=("GET", "POST")),
    open_route("sign-in/cas/", door_pages.cas_begin, name="cas_begin"),
    open_route("sign-in/cas/back/", door_pages.cas_back, name="cas_back"),
    open_route("sign-in/oidc/", door_pages.oidc_begin, name="oidc_begin"),
    open_route("sign-in/oidc/back/", door_pages.oidc_back, name="oidc_back"),
    open_route("sign-in/ldap/", door_pages.ldap_sign_in, name="ldap_sign_in", methods=("GET", "POST")),
    route("sign-out/", pages.sign_out, name="sign_out", rule=SignedIn(), methods=("POST",)),
    route("capacity/", pages.capacity, name="capacity", rule=SignedIn(), methods=("GET", "POST")),
    route("password/", pages.own_password, name="own_password", rule=SignedIn(), methods=("GET", "POST")),
    route("sessions/", pages.sessions, name="sessions", rule=SignedIn()),
    route("sessions/console/", pages.register_console, name="register_console", rule=Operator(), methods=("POST",)),
    route("sessions/<str:key_hash>/end/", pages.end_session, name="end_session", rule=SignedIn(), methods=("POST",)),
    route("factors/", factor_pages.own_factors, name="own_factors", rule=SignedIn()),
    route(
        "factors/app/",
        factor_pages.add_app,
        name="add_app",
        rule=SignedIn(),
        methods=("GET", "POST"),
        proof=Proof.STANDING_FACTOR,
    ),
    route(
        "factors/passkey/",
        factor_pages.add_passkey,
        name="add_passkey",
        rule=SignedIn(),
        methods=("GET", "POST"),
        proof=Proof.STANDING_FACTOR,
    ),
    route(
        "factors/<str:factor_id>/remove/",
        factor_pages.remove,
        name="remove_factor",
        rule=SignedIn(),
        methods=("POST",),
        proof=Proof.STANDING_FACTOR,
    ),
    route("prove/", factor_pages.prove, name="prove", rule=SignedIn(), methods=("GET", "POST")),
    route("people/", personnel_pages.persons, name="persons", rule=Personnel()),
    route("people/new/", personnel_pages.new_person, name="new_person", rule=AccountKeeper(), methods=("GET", "POST")),
    route("people/<str:person_id>/", personnel_pages.person, name="person", rule=Personnel()),
    route(
        "people/<str:person_id>/appoint/",
        personnel_pages.appoint,
        name="appoint",
        rule=Appointer(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "appointments/<str:appointment_id>/end/",
        personnel_pages.end_appointment,
        name="end_appointment",
        rule=Appointer(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "appointments/<str:appointment_id>/confirm/",
        personnel_pages.confirm_hand_over,
        name="confirm_hand_over",
        rule=Appointer(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route("training/", training_pages.own_training, name="own_training", rule=SignedIn()),
    route("staff/", training_pages.staff, name="staff", rule=Appointer()),
    route("people/<str:person_id>/training/", training_pages.training_of, name="training_of", rule=Appointer()),
    route(
        "people/<str:person_id>/training/record/",
        training_pages.record_training,
        name="record_training",
        rule=Appointer(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "training/<str:qualification_id>/withdraw/",
        training_pages.withdraw_training,
        name="withdraw_training",
        rule=Appointer(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    *(
        route(
            f"people/<str:person_id>/{step}/",
            view,
            name=name,
            rule=AccountKeeper(),
            methods=("POST",),
            proof=Proof.SECOND_FACTOR,
        )
        for step, view, name in (
            ("suspend", personnel_pages.suspend, "suspend_account"),
            ("reinstate", personnel_pages.reinstate, "reinstate_account"),
            ("password", personnel_pages.renew_password, "renew_password"),
            ("factors", personnel_pages.take_factors_away, "take_factors_away"),
        )
    ),
]
