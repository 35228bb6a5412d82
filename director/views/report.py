"""The report a goal ended with, as it would be written now: Markdown, and HTML whose links lead to our pages."""

from typing import Any

from director.files.places import notes_path, places_of
from director.goals.report import report
from director.office import Office
from director.progress.facts import deliverable_of
from director.prompting.forms import Conclusion
from director.store.tx import Tx
from director.views.rendered import rendered
from director.words.models import Goal


def report_document(office: Office, tx: Tx, goal: Goal) -> dict[str, Any] | None:
    """The text its owner has as a file; None while there is none."""
    if goal.summary is None:
        return None
    pages: dict[str, str] = {}
    for task in tx.tasks.of_goal(goal.id):
        text = deliverable_of(tx, task)
        for number, place in enumerate(places_of(task, text) if text is not None else (), 1):
            pages |= {f"../{path}": f"/tasks/{task.id}#piece-{number}" for path in (place.path, *place.extra)}
        pages[f"../{notes_path(task)}"] = f"/tasks/{task.id}"
    said = report(office, tx, goal, Conclusion.model_validate(goal.summary))
    return {"markdown": said, "html": rendered(said.partition("\n")[2], below=2, pages=pages)}
