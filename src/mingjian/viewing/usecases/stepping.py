"""Taking a step with an application: the row locked, the version compared, the table asked."""

from mingjian.viewing import workflow
from mingjian.viewing.models import ViewingApplication
from mingjian.viewing.usecases.errors import ViewingError
from mingjian.viewing.workflow import IllegalStep, Stage, Step


def locked(application: ViewingApplication, *, version: int) -> ViewingApplication:
    """Return the row for update, if it still is what the person has read. Raises ViewingError("viewing.stale")."""
    row = ViewingApplication.objects.select_for_update().get(pk=application.pk)
    if row.version != version:
        raise ViewingError("viewing.stale", ticket=row.ticket)
    return row


def take_step(row: ViewingApplication, step: Step) -> None:
    """Move the locked row along the table; the caller saves it. Raises ViewingError("viewing.wrong_stage")."""
    try:
        row.stage = workflow.after(Stage(row.stage), step).value
    except IllegalStep as error:
        raise ViewingError("viewing.wrong_stage", ticket=row.ticket, stage=row.stage, step=step.value) from error
    row.version += 1
