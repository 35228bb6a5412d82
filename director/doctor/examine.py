"""The whole examination: every part, side by side, each with as much time as one may take."""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from director.doctor import bells, machine, mends, model, people, record, secrets
from director.doctor import settings as of_settings
from director.words.clock import Clock
from director.words.errors import DirectorError
from director.words.finding import Finding, Level
from director.words.own_secrets import own_secrets
from director.words.redaction import blank
from director.words.settings import Settings

#: How long a part is waited for that has to do with this machine only: only one that is very slow needs as much.
LIMIT_S: Final = 4.0

#: How long servers are waited for, all at once, where nobody says it: the command then ends within a second.
WAIT_S: Final = 0.4

#: What a person may try where one was late.
_LONGER_S: Final = 10


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the installation."""

    name: str
    look: Callable[[Settings], Iterable[Finding]]
    #: The settings it goes by: where one is wrong, what was found there would be of something else.
    goes_by: tuple[str, ...]
    #: Whether it asks a server, which may never answer; and one that may be so far away that work is done by late answers.
    asks: bool = False
    far: bool = False


def examine(clock: Clock, wait_s: float | None = None) -> list[Finding]:
    """
    What is well and what is not. Makes and changes nothing, and always ends: whatever fails is a finding.

    *wait_s* is how long servers are waited for, where a person said it. Else it is short, and a model service that took the
    connection and is late is only warned of: it may be far away.
    """
    found, settings, wrong = of_settings.look()
    wait = WAIT_S if wait_s is None else wait_s
    parts = [
        _Part(
            "key", lambda given: model.look(given, clock, wait), ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL"), True, True
        ),
        _Part("database", lambda given: record.look(given, clock), ("DATABASE_URL", "WORKSPACE_DIR"), asks=True),
        _Part("redis", bells.look, ("REDIS_URL", "REDIS_NAMESPACE", "WORKSPACE_DIR"), asks=True),
        _Part("workspace", machine.look, ("WORKSPACE_DIR",)),
        _Part("port", machine.look_at_port, ("WEB_HOST", "WEB_PORT", "WORKSPACE_DIR")),
        _Part("skills", people.look, ("SKILLS_PATH", "WORKSPACE_DIR")),
        _Part("secrets", secrets.look, ("WORKSPACE_DIR",)),
    ]
    begun = time.monotonic()
    running = [_Looking(part, settings, wrong) for part in parts]
    for looking in running:
        looking.start()
    # Those that ask nobody come first: what a slow machine took for them, the others have had too.
    for looking in sorted(running, key=lambda one: one.part.asks):
        looking.join(max(0.0, begun + (wait if looking.part.asks else LIMIT_S) - time.monotonic()))
    for looking in running:
        found += looking.result(wait, asked_for=wait_s is not None)
    # One cause may be met by several parts; the first says it.
    first = {one.says: one for one in reversed(found)}
    own = _secrets_of(settings)
    return [replace(one, says=blank(one.says, own)) for one in found if first[one.says] is one or not one.is_bad]


class _Looking(threading.Thread):
    """A look at one part. A daemon: what never answers ends with the process."""

    def __init__(self, part: _Part, settings: Settings, wrong: frozenset[str]) -> None:
        super().__init__(name=part.name, daemon=True)
        self.part, self._settings, self._wrong = part, settings, wrong
        self._found: list[Finding] = []

    def run(self) -> None:
        """Look, whatever comes of it."""
        part = self.part
        if blind := self._wrong & {*part.goes_by, of_settings.FILE}:
            self._found.append(Finding(part.name, Level.UNSEEN, f"not looked at before {min(blind)} is right"))
            return
        try:
            # One by one: what was found before it breaks, or takes too long, is kept.
            for one in part.look(self._settings):
                self._found.append(one)
        except (DirectorError, OSError) as problem:
            self._found.append(self._fault(str(problem)))
        except Exception as problem:  # noqa: BLE001 - what is broken is told of, however it is broken
            said = f"The look at it broke off, which is a fault of ours ({type(problem).__name__}: {problem})."
            self._found.append(Finding(part.name, Level.FAULT, said, mends.update()))

    def result(self, wait: float, *, asked_for: bool) -> list[Finding]:
        """What was found by now; servers were waited for so long, which a person *asked_for*, or not."""
        if not self.is_alive():
            return self._found
        late = self._late(wait, asked_for=asked_for) if self.part.asks else self._no_answer(LIMIT_S)
        return [*self._found, late]

    def _late(self, wait: float, *, asked_for: bool) -> Finding:
        late = self._no_answer(wait)
        if asked_for:
            return late
        longer = mends.command(f"doctor --wait {_LONGER_S}")
        if not self.part.far:
            return replace(late, says=f"{late.says} `{longer}` waits longer.")
        says = f"{late.says} It may be slow from here: work waits for it longer than this look does."
        return replace(late, level=Level.WARNING, says=says, mend=longer)

    def _no_answer(self, within_s: float) -> Finding:
        return self._fault(f"There is no answer within {within_s:g} s ({self.name}).")

    def _fault(self, says: str) -> Finding:
        return Finding(self.part.name, Level.FAULT, says, mends.setting(self.part.goes_by[0]))


def _secrets_of(settings: Settings) -> tuple[str, ...]:
    with suppress(DirectorError, OSError):
        return own_secrets(settings)
    return settings.secrets
