"""A Messages API whose answers a test decides, kind by kind; what it leaves open the rehearsal answers."""

from collections import defaultdict, deque
from collections.abc import Callable
from typing import Any, Self

from director.claude.rehearsal.asked import Asked, Kind, understand
from director.claude.rehearsal.service import Reply
from tests.messages_server import Given, MessagesServer

#: An answer, or what makes one of the request.
Says = Given | Callable[[Asked], Given]


class ClaudeDouble:
    """
    `with ClaudeDouble() as claude: claude.says(Kind.PLAN, "nonsense")`, and the settings' address is `claude.url`.

    What is said first is answered first. `always` answers every request of a kind that nothing was said for.
    """

    def __init__(self, script: str = "") -> None:
        self._server = MessagesServer(script, front=self._front)
        self._said: defaultdict[Kind, deque[Says]] = defaultdict(deque)
        self._always: dict[Kind, Says] = {}

    def __enter__(self) -> Self:
        self._server.__enter__()
        return self

    def __exit__(self, *problem: Any) -> None:
        self._server.__exit__(*problem)

    @property
    def url(self) -> str:
        """Where it listens."""
        return self._server.url

    def says(self, kind: Kind, *answers: Says) -> None:
        """The next answers to requests of that kind: a text, a status to fail with, or None for the rehearsal's."""
        self._said[kind].extend(answers)

    def always(self, kind: Kind, answer: Says) -> None:
        """What every request of that kind gets."""
        self._always[kind] = answer

    def asked(self, kind: Kind | None = None) -> list[Asked]:
        """The requests so far, understood; of one kind or all."""
        found = [understand(exchange.document) for exchange in self._server.asked]
        return [asked for asked in found if kind is None or asked.kind is kind]

    def documents(self) -> list[dict[str, Any]]:
        """The requests so far, as they were sent."""
        return [exchange.document for exchange in self._server.asked]

    def _front(self, document: dict[str, Any]) -> Reply | str | int | None:
        asked = understand(document)
        said = self._said[asked.kind]
        answer = said.popleft() if said else self._always.get(asked.kind)
        return answer(asked) if callable(answer) else answer
