"""Every page of every room."""

from mingjian.console import api, duty_log, home_page, ledger_page, preferences, search_page
from mingjian.duty import urls as duty
from mingjian.oversight import urls as oversight
from mingjian.people import urls as people
from mingjian.people.routing import OfBody, SignedIn, open_route, route
from mingjian.registry import urls as registry
from mingjian.viewing import urls as viewing

urlpatterns = [
    route("", home_page.home, name="home", rule=SignedIn()),
    route("ledger/", ledger_page.ledger, name="ledger", rule=SignedIn()),
    route("ledger/<int:seq>/", ledger_page.entry, name="ledger_entry", rule=SignedIn()),
    route("duty-log/", duty_log.duty_log, name="duty_log", rule=OfBody()),
    route("search/", search_page.search, name="search", rule=SignedIn()),
    open_route("preferences/", preferences.choose, name="preferences", methods=("POST",)),
    open_route("healthz", home_page.health, name="health"),
    *people.urlpatterns,
    *duty.urlpatterns,
    *viewing.urlpatterns,
    *registry.urlpatterns,
    *oversight.urlpatterns,
    *api.urlpatterns,
]

handler400 = "mingjian.console.problems.bad_request"
handler404 = "mingjian.console.problems.not_found"
handler500 = "mingjian.console.problems.server_error"
