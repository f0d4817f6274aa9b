"""Addresses of this room."""

from mingjian.oversight import complaint_pages, inquiry_pages, pages, ruling_pages
from mingjian.oversight.rules import Auditor, ComplaintDesk, ComplaintInSight, InquiryDesk, OwnComplaint, RulingBody
from mingjian.people.routing import Proof, SignedIn, route

urlpatterns = [
    route("articles/", pages.articles, name="articles", rule=SignedIn()),
    route("matrix/", pages.matrix, name="matrix", rule=SignedIn()),
    route("policies/", ruling_pages.policies, name="policies", rule=SignedIn()),
    route("readings/", ruling_pages.readings, name="readings", rule=SignedIn()),
    route("policies/<str:topic>/", ruling_pages.topic, name="policy", rule=SignedIn()),
    route(
        "policies/<str:topic>/propose/",
        ruling_pages.propose,
        name="propose_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "rulings/<str:ruling_id>/confirm/",
        ruling_pages.confirm,
        name="confirm_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route(
        "rulings/<str:ruling_id>/turn-down/",
        ruling_pages.turn_down,
        name="turn_down_ruling",
        rule=RulingBody(),
        methods=("POST",),
        proof=Proof.SECOND_FACTOR,
    ),
    route("complaints/", complaint_pages.mine, name="complaints", rule=SignedIn()),
    route("complaints/new/", complaint_pages.new, name="complain", rule=SignedIn(), methods=("GET", "POST")),
    route("complaint-desk/", complaint_pages.desk, name="complaint_desk", rule=ComplaintDesk()),
    route("complaints/<str:complaint_id>/", complaint_pages.complaint, name="complaint", rule=ComplaintInSight()),
    route(
        "complaints/<str:complaint_id>/withdraw/",
        complaint_pages.withdraw,
        name="withdraw_complaint",
        rule=OwnComplaint(),
        methods=("POST",),
    ),
    route(
        "complaints/<str:complaint_id>/handle/",
        complaint_pages.handle,
        name="handle_complaint",
        rule=ComplaintDesk(),
        methods=("POST",),
    ),
    route("inquiries/", inquiry_pages.inquiries, name="inquiries", rule=InquiryDesk()),
    route("inquiries/new/", inquiry_pages.new, name="inquire", rule=Auditor(), methods=("GET", "POST")),
    route("inquiries/<str:inquiry_id>/", inquiry_pages.inquiry, name="inquiry", rule=InquiryDesk()),
    route(
        "inquiries/<str:inquiry_id>/act/",
        inquiry_pages.act,
        name="act_on_inquiry",
        rule=InquiryDesk(),
        methods=("POST",),
    ),
]
