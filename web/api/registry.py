"""All operations, and the addresses of the interface."""

from collections.abc import Callable
from typing import Any, Final

from director.office import Office
from web.api import approvals, clockwork, goals, knowledge, money, tasks
from web.api.description import Description
from web.api.operations import ROOT, Operation
from web.api.routes import add_operations
from web.api.streams import Stream
from web.changes import Changes

#: Everything that can be asked; a stream is told of in `description.py`.
OPERATIONS: Final[tuple[Operation, ...]] = (
    *goals.OPERATIONS,
    *tasks.OPERATIONS,
    *approvals.OPERATIONS,
    *money.OPERATIONS,
    *clockwork.OPERATIONS,
    *knowledge.OPERATIONS,
)


def add_api(app: Any, opening: Callable[[], Office], changes: Changes) -> None:
    """Give *app* the interface over the office that *opening* returns."""
    add_operations(app, opening, OPERATIONS)
    stream = Stream(opening, changes)
    app.add_route(f"{ROOT}/stream", stream)
    app.add_route(f"{ROOT}/goals/{{goal}}/stream", stream)
    app.add_route("/openapi.json", Description(opening, OPERATIONS))
