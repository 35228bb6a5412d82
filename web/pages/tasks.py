"""A task's text, with its versions, what was found and where its facts come from."""

from collections.abc import Mapping
from typing import Any

from director.access.roles import Right
from director.office import Office
from director.store.tx import Tx
from director.views.deliverable import deliverable_document
from web.pages.answers import Answers
from web.pages.goals import found_goal


class TaskPage:
    """A text to be read."""

    rights: Mapping[str, Right] = {"GET": Right.READ}

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def on_get(self, req: Any, resp: Any, ident: str) -> None:
        """The version that counts, or `version`, beside the one before it, or `against`."""
        entered = await self._answers.enter(req, self.rights["GET"])
        version = req.get_param_as_int("version", min_value=1)
        against = req.get_param_as_int("against", min_value=1)

        def make(office: Office, tx: Tx) -> Mapping[str, Any]:
            task = tx.tasks.get(ident)
            found_goal(tx, entered, task.goal)
            return deliverable_document(office, tx, task, version=version, against=against)

        await self._answers.page(req, resp, entered, "task.html", make)
