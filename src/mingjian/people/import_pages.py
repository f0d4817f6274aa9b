"""Tables of people, units and appointments: templates, the dry run with every bad row, and entering all of it."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mingjian.base import ids
from mingjian.base.clock import SystemClock
from mingjian.people import telling
from mingjian.people.capacity import Acting
from mingjian.people.forms import TableForm
from mingjian.people.importing import sheet, templates, usecases, words
from mingjian.people.importing.kinds import COLUMNS, Fault, Kind
from mingjian.people.models import ImportRun

_CLOCK = SystemClock()
SHOWN_FAULTS = 200
SHOWN_RUNS = 10
NAMES: dict[Kind, str | Promise] = {
    Kind.PEOPLE: gettext_lazy("人员账号"),
    Kind.UNITS: gettext_lazy("三级管理机构（单位）"),
    Kind.APPOINTMENTS: gettext_lazy("任命"),
}


def tables(request: HttpRequest, *, acting: Acting) -> HttpResponse:
    """Show what can be imported, with a form for each kind, and the tables tried lately."""
    return _tables_page(request, acting)


def template(request: HttpRequest, *, acting: Acting, kind: str, form: str) -> HttpResponse:
    """Give an empty table to fill in."""
    found = _kind(kind, acting)
    if form not in templates.FORMATS:
        raise Http404
    response = HttpResponse(templates.template(found, form=form), content_type=templates.FORMATS[form])
    response["Content-Disposition"] = f'attachment; filename="mingjian-{found}.{form}"'
    return response


def attempt(request: HttpRequest, *, acting: Acting, kind: str) -> HttpResponse:
    """Try a table: nothing is entered."""
    found = _kind(kind, acting)
    form = TableForm(request.POST, request.FILES)
    if not form.is_valid():
        return _tables_page(request, acting, refused={found: form})
    content = form.cleaned_data["table"].read(sheet.MOST_BYTES + 1)
    run = usecases.attempt(content=content, kind=found, acting=acting, clock=_CLOCK)
    return HttpResponseRedirect(reverse("import_run", args=[run.pk]))


def run(request: HttpRequest, *, acting: Acting, run_id: str) -> HttpResponse:
    """Show what entering the table would do, and every bad row with its column and why."""
    found = _run(run_id, acting)
    kind = Kind(found.kind)
    shown: dict[str, object] = {"run": found, "kind_name": NAMES[kind], "may_enter": kind in usecases.kinds_of(acting)}
    if found.is_open:
        planned = usecases.plan(usecases.sheet_of(found), kind=kind, acting=acting, now_90k=_CLOCK.utc())
        shown |= {
            "plan": planned,
            "count": len(planned.new),
            "faulty_rows": len({fault.row for fault in planned.faults}),
            "faults": [_told(fault, kind) for fault in planned.faults[:SHOWN_FAULTS]],
            "shown": SHOWN_FAULTS,
        }
    return render(request, "people/import_run.html", shown)


def enter(request: HttpRequest, *, acting: Acting, run_id: str) -> HttpResponse:
    """Enter the table as it was tried, all of it or nothing."""
    found = _run(run_id, acting)
    _kind(found.kind, acting)
    done = usecases.enter_run(run=found, acting=acting, clock=_CLOCK)
    told = {"kind": str(NAMES[Kind(done.kind)]), "count": done.entered}
    telling.done(request, _("已导入%(kind)s：新录入 %(count)s 行，每行一条操作日志。") % told)
    return HttpResponseRedirect(reverse("import_run", args=[done.pk]))


def put_away(request: HttpRequest, *, acting: Acting, run_id: str) -> HttpResponse:
    """Forget a table that was tried."""
    usecases.put_away(run=_run(run_id, acting))
    telling.done(request, _("没有导入，表格的内容已清除。"))
    return HttpResponseRedirect(reverse("import_tables"))


def _tables_page(request: HttpRequest, acting: Acting, *, refused: dict[Kind, TableForm] | None = None) -> HttpResponse:
    forms = refused or {}
    kinds = [
        {
            "kind": kind.value,
            "name": NAMES[kind],
            "columns": [(words.column_name(column), column.is_wanted) for column in COLUMNS[kind]],
            "form": forms.get(kind) or TableForm(auto_id=f"{kind.value}_%s"),
        }
        for kind in usecases.kinds_of(acting)
    ]
    mine = ImportRun.objects.filter(checked_by=acting.person)[:SHOWN_RUNS]
    return render(
        request,
        "people/import_tables.html",
        {
            "kinds": kinds,
            "runs": [{"run": one, "name": NAMES[Kind(one.kind)]} for one in mine],
            "most_rows": sheet.MOST_ROWS,
            "most_mb": sheet.MOST_BYTES // 1024**2,
        },
        status=400 if forms else 200,
    )


def _kind(told: str, acting: Acting) -> Kind:
    """Return the kind if it is this capacity's business. Raises Http404."""
    if told not in usecases.kinds_of(acting):
        raise Http404
    return Kind(told)


def _run(run_id: str, acting: Acting) -> ImportRun:
    """Return an own run, or raise Http404."""
    found = ImportRun.objects.filter(pk=run_id, checked_by=acting.person).first() if ids.is_id(run_id) else None
    if found is None:
        raise Http404
    return found


def _told(fault: Fault, kind: Kind) -> dict[str, object]:
    column = next((one for one in COLUMNS[kind] if one.code == fault.column), None)
    name = fault.column if column is None else words.column_name(column)
    return {"row": fault.row, "column": name, "value": fault.value, "why": words.told(fault)[words.is_english()]}
