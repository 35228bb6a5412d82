"""A Messages API whose answers a test decides, purpose by purpose; what it leaves open the rehearsal answers."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Self

from director.claude.rehearsal.asked import Asked, Purpose, understand
from director.claude.rehearsal.service import Reply
from tests.messages_server import Given, MessagesServer

#: An answer, or what makes one of the request.
Says = Given | Callable[[Asked], Given]


class ClaudeDouble:
    """
    `with ClaudeDouble() as claude: claude.says(Purpose.PLAN, "nonsense")`, and the settings' address is `claude.url`.

    What is said first is answered first. `always` answers every request of a purpose that nothing was said for.
    """

    def __init__(self, script: str = "") -> None:
        self._server = MessagesServer(script, front=self._front)
        self._said: defaultdict[Purpose, deque[Says]] = defaultdict(deque)
        self._always: dict[Purpose, Says] = {}

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self._server.__exit__(*problem)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    def says(self, purpose: Purpose, *answers: Says) -> None:
        """The next answers to requests of that purpose: a text, a status to fail with, or None for the rehearsal's."""
        self._said[purpose].extend(answers)

    def always(self, purpose: Purpose, answer: Says) -> None:
        """What every request of that purpose gets."""
        self._always[purpose] = answer

    def asked(self, purpose: Purpose | None = None) -> list[Asked]:
        """The requests so far, understood; of one purpose or all."""
        found = [understand(exchange.document) for exchange in self._server.asked]
        return [asked for asked in found if purpose is None or asked.purpose is purpose]

    def documents(self) -> list[dict[str, Any]]:
        """The requests so far, as they were sent."""
        return [exchange.document for exchange in self._server.asked]

    def _front(self, document: dict[str, Any]) -> Reply | str | int | None:
        asked = understand(document)
        said = self._said[asked.purpose]
        answer = said.popleft() if said else self._always.get(asked.purpose)
        return answer(asked) if callable(answer) else answer
