"""What is said of an event that no trigger is for, for its type may be a slip; nothing else becomes of it."""

from collections.abc import Iterable

from director.triggers.rules import TYPES, Triggers, folder_of, load
from director.words.settings import Settings
from pipelines.plan import nearest
from skills.documents import stamp, yaml_files


def nearest_type(found: Triggers, event_type: str) -> str:
    """What a sentence on an event's type adds: `; nearest: a, b`; nothing where it is known, or none is near."""
    known = {trigger.event for trigger in found.triggers.values()} | set(TYPES)
    return "" if event_type in known else nearest(event_type, known)


def said_of(found: Triggers, types: Iterable[str]) -> str:
    """A sentence for each of these types that no trigger is for; of those a broken file may be for, nothing is known."""
    missing = [one for one in dict.fromkeys(types) if not (found.of(one) or found.broken_for(one))]
    return " ".join(f"No trigger is for {one}{nearest_type(found, one)}." for one in missing)


class Folder:
    """The triggers as they are, whether or not their pipelines are here: read again when a file of a person's was changed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._as_of: object = None
        self._read: Triggers | None = None

    def now(self) -> Triggers:
        """What the files say now. Safe in several threads: at worst two read them."""
        as_of = self._stamps()
        if self._read is None or as_of != self._as_of:
            self._read, self._as_of = load(self._settings), as_of
        return self._read

    def _stamps(self) -> object:
        try:
            return [(file, stamp(file)) for file in yaml_files(folder_of(self._settings))]
        except OSError as problem:
            return str(problem)
