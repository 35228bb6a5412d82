"""
Triggers: which events start which work, a file each. A file more is a trigger more; its name is the trigger's.

```yaml
event: traffic_drop
when:
  - {at: /percentageDrop, is: gt, value: 20}
pipeline: SEO Cycle
goal: Traffic fell by {/percentageDrop} percent. Find out why.
priority: P1
cap: 25 USD
cooldown: 1 h
```

Only the file says what is done, how urgent it is and what it may cost. Of the event, numbers and booleans stand in the goal's
words; of a text they say only where it stands ("the event's product"), it is shown as data. A file may say its `name` as well.
"""

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from director.catalog import Catalog
from director.goals.submit import LONGEST_GOAL, PLACEHOLDER, Wanted
from director.triggers.conditions import ORDERING, Condition, Operator, Value, kind_of
from director.triggers.incoming import EVENT_TYPE
from director.triggers.pointers import NothingThere, is_pointer, value_at
from director.words.amounts import parse_usd
from director.words.durations import EXAMPLES, parse_duration
from director.words.errors import BrokenFile
from director.words.settings import Settings
from director.words.states import PlanBy, Priority
from pipelines import fields
from pipelines.fields import WrongField
from pipelines.loader import UnknownPipeline
from skills.documents import Unreadable, shown, stamp, text_of, yaml_files

#: The folder of our own triggers.
OWN: Final = Path(__file__).with_name("library")

#: The types of events there are triggers of ours for, or that come from inside. An event of another is recorded as well.
TYPES: Final = (
    "traffic_drop", "conversion_drop", "competitor_launch", "email_bounce_spike", "ab_test_significant",
    "new_feature_shipped", "new_blog_post", "manual_goal",
    "budget_warning", "budget_critical", "agent_failure", "pipeline_blocked", "health_changed", "operation_changed",
)  # fmt: skip

#: Of a trigger that names none, so that a burst of events is not a burst of goals.
USUAL_COOLDOWN: Final = timedelta(minutes=5)

_FIELDS: Final = ("name", "event", "when", "pipeline", "goal", "priority", "cap", "cooldown", "enabled")
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_MOST_CONDITIONS: Final = 20
#: Where a file that is no trigger says all the same which events it is for.
_FOR: Final = re.compile(r"""^event *: *["']?([A-Za-z0-9_.:/-]{1,64})""", re.MULTILINE)
_EXAMPLE: Final = "- {at: /percentageDrop, is: gt, value: 20}"

#: A step of a pointer that can be said as a word.
_WORD: Final = re.compile(r"[^\W\d][\w -]*")

#: Characters of a number that stands in a goal's words; a longer one is shown as data, as texts are.
_LONGEST_NUMBER: Final = 40


@dataclass(frozen=True, slots=True)
class Trigger:
    """A rule that turns events of one type into goals."""

    name: str
    event: str  #: the type it is for
    when: tuple[Condition, ...]  #: all have to hold
    pipeline: str | None
    goal: str | None  #: the goal's words, with `{/pointer}` where a value stands
    priority: Priority | None
    cap_nano: int | None
    cooldown: timedelta
    enabled: bool
    file: Path
    fault: str = ""  #: why it cannot start anything in this process, though its file is right

    def words(self, data: Any) -> str:
        """The goal's words for an event with this data."""
        if self.goal is None:
            return f"Run the pipeline {self.pipeline}, because an event {self.event} came."
        return PLACEHOLDER.sub(lambda found: _filled(found[1], data), self.goal)

    @property
    def looks_at(self) -> Sequence[str]:
        """The pointers at which it needs something in an event's data, for its conditions or its goal's words."""
        needed = [condition.at for condition in self.when if condition.operator is not Operator.EXISTS]
        return tuple(dict.fromkeys([*needed, *PLACEHOLDER.findall(self.goal or "")]))

    def cooldown_of(self, brand: str) -> str:
        """Under which name its cooldown is taken."""
        return f"trigger:{brand}:{self.name}"

    @property
    def wanted(self) -> Wanted:
        """What is said of the goal besides its words. A named pipeline is the plan: nobody is asked for another."""
        plan_by = PlanBy.CLAUDE if self.pipeline is None else PlanBy.TEMPLATE
        return Wanted(priority=self.priority, cap_nano=self.cap_nano, pipeline=self.pipeline, plan_by=plan_by)


@dataclass(frozen=True, slots=True)
class Triggers:
    """All triggers, by name, and the files that are none."""

    triggers: Mapping[str, Trigger]
    broken: Mapping[Path, str]  #: the sentence that says what is wrong with it
    for_events: Mapping[Path, str]  #: the type of events a broken file is for, where it can be told

    def of(self, event_type: str) -> list[Trigger]:
        """Those that are on and for events of this type, in the order of their names."""
        found = (trigger for trigger in self.triggers.values() if trigger.enabled and trigger.event == event_type)
        return sorted(found, key=lambda trigger: trigger.name)

    def broken_for(self, event_type: str) -> list[tuple[str, str]]:
        """The broken files that may be for events of this type, each with its sentence; none has a trigger's name."""
        return [
            (path.name, why) for path, why in self.broken.items() if self.for_events.get(path, event_type) == event_type
        ]


def folder_of(settings: Settings) -> Path:
    """Where a person's triggers are."""
    return settings.brand_dir / "triggers"


def load(settings: Settings, catalog: Catalog | None = None) -> Triggers:
    """
    Read every trigger, ours and those in the workspace's `triggers` folder, of which one replaces ours of its name. Without a
    *catalog* it is not looked whether their pipelines are here.

    A file that is broken stops only its own trigger, also ours of that name: somebody wanted another.
    """
    triggers: dict[str, Trigger] = {}
    broken: dict[Path, str] = {}
    for_events: dict[Path, str] = {}
    for folder in (OWN, folder_of(settings)):
        names: dict[str, Path] = {}
        try:
            files = yaml_files(folder)
        except OSError as problem:
            broken[folder] = f"{folder}: cannot be read ({problem.strerror}); expected a folder of triggers."
            continue
        for file in files:
            if other := names.get(file.stem):
                broken[file] = f"{file}: expected a name of its own, found {file.stem} again after {other.name}."
                for_events |= _event_of(file, None)
                continue
            names[file.stem] = file
            ours = triggers.pop(file.stem, None)
            try:
                found = read(file)
            except WrongField as problem:
                broken[file] = problem.of(file)
                for_events |= _event_of(file, ours)
            else:
                triggers[found.name] = found if catalog is None else replace(found, fault=_fault(found, catalog))
    return Triggers(MappingProxyType(triggers), MappingProxyType(broken), MappingProxyType(for_events))


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


def is_event_type(text: str) -> bool:
    """Whether an event can be of such a type, whether or not a trigger is for it."""
    return EVENT_TYPE.fullmatch(text) is not None


def read(file: Path) -> Trigger:
    """
    The trigger one file describes, whether or not its pipeline is here.

    Raises:
        WrongField: it describes none.
    """
    if not _NAME.fullmatch(file.stem):
        raise WrongField(
            "", f"expected a file named with at most 64 small letters, digits and hyphens, found {shown(file.stem)}"
        )
    document = fields.read(file, _FIELDS)
    fields.see_known(document, _FIELDS)
    if not document.keys() & {"pipeline", "goal"}:
        raise WrongField("pipeline", "a pipeline's name, or a goal's words under goal, found neither")
    if "name" in document and document["name"] != file.stem:
        raise WrongField("name", f"{file.stem}, as the file is called, or nothing, found {shown(document['name'])}")
    return Trigger(
        name=file.stem,
        event=_event(document.get("event")),
        when=_conditions(document.get("when", [])),
        pipeline=fields.line("pipeline", document["pipeline"], most=80) if "pipeline" in document else None,
        goal=_goal(document),
        priority=fields.choice("priority", document["priority"], Priority) if "priority" in document else None,
        cap_nano=_cap(document),
        cooldown=_cooldown(document),
        enabled=fields.yes_or_no("enabled", document.get("enabled", True)),
        file=file,
    )


def _event_of(file: Path, ours: Trigger | None) -> dict[Path, str]:
    """The type of events a broken file is for: what it says, else that of *ours*, which it replaces; else none."""
    try:
        said = _FOR.search(text_of(file))
    except Unreadable:
        said = None
    known = said[1] if said else ours and ours.event
    return {file: known} if known else {}


def _fault(trigger: Trigger, catalog: Catalog) -> str:
    if trigger.pipeline is None:
        return ""
    try:
        catalog.library.find(trigger.pipeline)
    except (UnknownPipeline, BrokenFile) as problem:
        return str(problem)
    return ""


def _filled(pointer: str, data: Any) -> str:
    try:
        value = value_at(pointer, data)
    except NothingThere:
        return f"(nothing at {pointer} of the event's data)"
    if isinstance(value, bool) or (isinstance(value, float) and math.isfinite(value)):
        return json.dumps(value)
    if isinstance(value, int) and abs(value) < 10**_LONGEST_NUMBER:
        return str(value)
    last = pointer.rpartition("/")[2]
    return f"the event's {last}" if _WORD.fullmatch(last) else f"({pointer} of the event's data)"


def _event(value: object) -> str:
    if not isinstance(value, str) or not is_event_type(value):
        raise WrongField("event", f"an event's type like traffic_drop, found {shown(value)}")
    return value


def _conditions(value: object) -> tuple[Condition, ...]:
    if not isinstance(value, list) or len(value) > _MOST_CONDITIONS:
        raise WrongField(
            "when", f"a list of at most {_MOST_CONDITIONS} conditions such as {_EXAMPLE}, found {shown(value)}"
        )
    return tuple(_condition(f"when[{number}]", each) for number, each in enumerate(value, 1))


def _condition(field: str, written: object) -> Condition:
    if not isinstance(written, dict) or not {"at", "is"} <= written.keys() <= {"at", "is", "value"}:
        raise WrongField(field, f"at, is and value, such as {_EXAMPLE}, found {shown(written)}")
    at = written["at"]
    if not isinstance(at, str) or not is_pointer(at):
        raise WrongField(f"{field}.at", f"a JSON pointer like /percentageDrop, found {shown(at)}")
    operator = fields.choice(f"{field}.is", written["is"], Operator)
    return Condition(at, operator, _value(field, operator, written))


def _value(field: str, operator: Operator, written: Mapping[object, object]) -> Value:
    value = written.get("value", True if operator is Operator.EXISTS else None)
    kinds: Sequence[str] = ("number", "text", "boolean")
    expected = "a number, a text, true or false"
    if operator in ORDERING:
        kinds, expected = ("number",), "a number, since only numbers are larger or smaller"
    elif operator is Operator.EXISTS:
        kinds, expected = ("boolean",), "true, false or nothing"
    if kind_of(value) not in kinds or not isinstance(value, int | float | str):
        raise WrongField(f"{field}.value", f"{expected}, found {shown(value)}")
    return value


def _goal(document: Mapping[object, object]) -> str | None:
    if "goal" not in document:
        return None
    text = fields.line("goal", document["goal"], most=LONGEST_GOAL // 2)
    for found in PLACEHOLDER.findall(text):
        if not (found and is_pointer(found)):
            meant = f"/{found}" if _WORD.fullmatch(found) else "/percentageDrop"
            raise WrongField("goal", f"JSON pointers in braces like {{{meant}}}, found {shown(f'{{{found}}}')}")
    return text


def _cap(document: Mapping[object, object]) -> int | None:
    if "cap" not in document:
        return None
    value = document["cap"]
    try:
        return parse_usd(str(value))
    except ValueError:
        raise WrongField("cap", f"an amount like 25 USD, at most a million, found {shown(value)}") from None


def _cooldown(document: Mapping[object, object]) -> timedelta:
    if "cooldown" not in document:
        return USUAL_COOLDOWN
    value = document["cooldown"]
    try:
        return parse_duration(str(value))
    except ValueError:
        raise WrongField("cooldown", f"a length of time like {EXAMPLES}, found {shown(value)}") from None
