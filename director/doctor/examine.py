"""The whole examination: every part, side by side, each with as much time as one may take."""

import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Final

from director.claude.environment import own_secrets
from director.doctor import bells, machine, mends, model, people, record, secrets
from director.doctor import settings as of_settings
from director.words.clock import Clock
from director.words.errors import DirectorError
from director.words.finding import Finding, Level
from director.words.redaction import blank
from director.words.settings import Settings

#: How long all parts together are waited for. Each has limits of its own that are shorter, where it has to do with others.
LIMIT_S: Final = 4.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the installation."""

    name: str
    look: Callable[[Settings], Iterable[Finding]]
    #: The settings it goes by: where one is wrong, what was found there would be of something else.
    goes_by: tuple[str, ...]


def examine(clock: Clock) -> list[Finding]:
    """What is well and what is not. Makes and changes nothing, and always ends: whatever fails is a finding."""
    found, settings, wrong = of_settings.look()
    parts = [
        _Part("key", lambda given: model.look(given, clock), ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL")),
        _Part("database", lambda given: record.look(given, clock), ("DATABASE_URL", "WORKSPACE_DIR")),
        _Part("redis", bells.look, ("REDIS_URL", "REDIS_NAMESPACE", "WORKSPACE_DIR")),
        _Part("workspace", machine.look, ("WORKSPACE_DIR",)),
        _Part("port", machine.look_at_port, ("WEB_HOST", "WEB_PORT", "WORKSPACE_DIR")),
        _Part("skills", people.look, ("SKILLS_PATH", "WORKSPACE_DIR")),
        _Part("secrets", secrets.look, ("WORKSPACE_DIR",)),
    ]
    until = time.monotonic() + LIMIT_S
    running = [_Looking(part, settings, wrong) for part in parts]
    for looking in running:
        looking.start()
    for looking in running:
        found += looking.result(until)
    # One cause may be met by several parts; the first says it.
    first = {one.says: one for one in reversed(found)}
    own = _secrets_of(settings)
    return [replace(one, says=blank(one.says, own)) for one in found if first[one.says] is one or not one.is_bad]


class _Looking(threading.Thread):
    """A look at one part. A daemon: what never answers ends with the process."""

    def __init__(self, part: _Part, settings: Settings, wrong: frozenset[str]) -> None:
        super().__init__(name=part.name, daemon=True)
        self._part, self._settings, self._wrong = part, settings, wrong
        self._found: list[Finding] = []

    def run(self) -> None:
        """Look, whatever comes of it."""
        part = self._part
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

    def result(self, until: float) -> list[Finding]:
        """What was found, waited for until then (time.monotonic)."""
        self.join(max(0.0, until - time.monotonic()))
        if not self.is_alive():
            return self._found
        return [*self._found, self._fault(f"There is no answer within {LIMIT_S:.0f} s ({self.name}).")]

    def _fault(self, says: str) -> Finding:
        return Finding(self._part.name, Level.FAULT, says, mends.setting(self._part.goes_by[0]))


def _secrets_of(settings: Settings) -> tuple[str, ...]:
    with suppress(DirectorError, OSError):
        return own_secrets(settings)
    return settings.secrets
