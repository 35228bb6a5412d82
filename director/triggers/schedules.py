"""Schedules: recurring work, a file each; ours in a folder of this package, a person's in the workspace. All ours are off."""

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from director.catalog import Catalog
from director.goals.submit import PLACEHOLDER, Wanted, check_text
from director.money.periods import zone_of
from director.triggers.cron import Cron
from director.words.amounts import parse_usd
from director.words.errors import BrokenFile, NotFound, WrongCall
from director.words.settings import Settings
from director.words.states import PlanBy, Priority
from pipelines import fields
from pipelines.fields import WrongField
from pipelines.loader import UnknownPipeline
from pipelines.plan import nearest
from skills.documents import Unreadable, shown, text_of, yaml_files

#: The folder of our own schedules.
OWN: Final = Path(__file__).with_name("our_schedules")

#: The most days back for which a slot is made up for, and the most slots that are.
_MOST_DAYS: Final = 31
_MOST_AT_ONCE: Final = 10

_FIELDS: Final = (
    "name", "description", "cron", "zone", "pipeline", "goal", "priority", "cap", "missed", "within_days", "most", "enabled",
)  # fmt: skip
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_LONGEST_LINE: Final = 500


class Missed(StrEnum):
    """What is done about slots that nobody looked at in time."""

    LATEST = "latest"  #: The newest is made up for.
    SKIP = "skip"  #: None is.
    ALL = "all"  #: The newest ones are, up to a number.


@dataclass(frozen=True, slots=True)
class Schedule:
    """Recurring work, as its file says it."""

    name: str
    description: str
    cron: Cron
    goal: str  #: Its goal's words, with {date} and {week} for the slot's.
    pipeline: str | None
    priority: Priority | None  #: None: the pipeline's, else P2.
    cap_nano: int | None  #: What each of its goals may cost; None: a tenth of the month.
    missed: Missed
    within: timedelta  #: What was missed longer ago is not made up for.
    most: int  #: How many are made up for at once, where all are.
    enabled: bool  #: Where no person said otherwise.
    file: Path

    @property
    def wanted(self) -> Wanted:
        """What is said of its goals besides their words. A named pipeline is the plan: nobody is asked for another."""
        plan_by = PlanBy.CLAUDE if self.pipeline is None else PlanBy.TEMPLATE
        return Wanted(priority=self.priority, cap_nano=self.cap_nano, pipeline=self.pipeline, plan_by=plan_by)

    def local(self, slot: datetime, now: datetime) -> str:
        """A moment in the schedule's zone, for people: "Wed 2 December 00:00 (Europe/Berlin)", in another year with it."""
        there = slot.astimezone(self.cron.zone)
        year = "" if slot.year == now.year else f" {there.year}"
        return f"{there:%a} {there.day} {there:%B}{year} {there:%H:%M} ({self.cron.zone.key})"

    def text(self, slot: datetime) -> str:
        """The words of the goal for that slot: its date and its week are those in the schedule's zone."""
        day = slot.astimezone(self.cron.zone).date()
        year, week, _ = day.isocalendar()
        said = {"date": day.isoformat(), "week": f"{year}-W{week:02d}"}
        return PLACEHOLDER.sub(lambda found: said[found[1]], self.goal)


@dataclass(frozen=True, slots=True)
class Schedules:
    """All schedules that can be used, by name."""

    schedules: Mapping[str, Schedule]
    #: Why others cannot, by their files: a sentence each.
    broken: Mapping[Path, str]

    def find(self, name: str) -> Schedule:
        """
        The schedule of that name.

        Raises:
            NotFound: there is none, and the sentence names the nearest.
            WrongCall: its file is broken, and the sentence is the file's.
        """
        if found := self.schedules.get(name):
            return found
        for file, why in self.broken.items():
            if file.stem == name:
                raise WrongCall(why)
        near = nearest(name, self.schedules) or f"; there are: {', '.join(self.schedules)}"
        raise NotFound("schedule", name[:80], near.removeprefix("; "))


def folder_of(settings: Settings) -> Path:
    """Where a person's schedules are."""
    return settings.brand_dir / "schedules"


def load(settings: Settings, catalog: Catalog) -> Schedules:
    """
    Every schedule, ours and a person's, whose file of the same name replaces ours. A broken file stops its own schedule, also
    the one of ours that it was to replace, and no other.

    Raises:
        BrokenFile: one of ours has a fault.
    """
    found: dict[str, Schedule] = {}
    broken: dict[Path, str] = {}
    own = _Reader(settings, None)
    for file in yaml_files(OWN):
        try:
            schedule = own.read(file)
        except WrongField as problem:
            raise BrokenFile(problem.of(file)) from None
        found[schedule.name] = schedule
    theirs: dict[str, Schedule] = {}
    reader = _Reader(settings, catalog)
    try:
        files = yaml_files(folder_of(settings))
    except OSError as problem:
        folder = folder_of(settings)
        files, broken[folder] = [], f"{folder}: expected a folder that can be read ({problem.strerror})."
    for file in files:
        try:
            schedule = reader.read(file)
        except WrongField as problem:
            broken[file] = problem.of(file)
            for name in (file.stem, reader.name):
                found.pop(name, None)
            continue
        if other := theirs.get(schedule.name):
            found_again = f"a name of its own, found {schedule.name} again after {other.file.name}"
            broken[file] = f"{file}: name: expected {found_again}."
            continue
        theirs[schedule.name] = schedule
    return Schedules(MappingProxyType({**found, **theirs}), MappingProxyType(broken))


def read_one(settings: Settings, catalog: Catalog, file: Path) -> Schedule:
    """
    The schedule of a person's file, wherever that is.

    Raises:
        WrongField: it has a fault.
    """
    return _Reader(settings, catalog).read(file)


class _Reader:
    """Reads files; *name* is what the last one calls itself, also where it is broken."""

    def __init__(self, settings: Settings, catalog: Catalog | None) -> None:
        self._zone = zone_of(settings)
        self._catalog = catalog
        self.name = ""

    def read(self, file: Path) -> Schedule:
        """
        The schedule of one file.

        Raises:
            WrongField
        """
        self.name = ""
        document = _document(file)
        name = document.get("name")
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            raise WrongField("name", f"at most 63 letters from a to z, digits and '-', found {shown(name)}")
        self.name = name
        fields.see_known(document, _FIELDS)
        pipeline = self._pipeline(document)
        words = document.get("goal")
        if words is None and pipeline is None:
            raise WrongField("goal", "a goal's words, a pipeline, or both, found neither")
        schedule = Schedule(
            name=name,
            description=_line(document, "description") if "description" in document else "",
            cron=self._cron(document),
            goal=_goal(words) if words is not None else f"Run the pipeline {pipeline}",
            pipeline=pipeline,
            priority=fields.choice("priority", document["priority"], Priority) if "priority" in document else None,
            cap_nano=_cap(document),
            missed=fields.choice("missed", document.get("missed", Missed.LATEST), Missed),
            within=timedelta(days=_whole(document, "within_days", 7, _MOST_DAYS)),
            most=_whole(document, "most", 3, _MOST_AT_ONCE),
            enabled=fields.yes_or_no("enabled", document.get("enabled", False)),
            file=file,
        )
        try:
            check_text(schedule.text(datetime(2024, 12, 30, tzinfo=UTC)))
        except WrongCall as problem:
            raise WrongField("", f"goal: {problem}") from None
        return schedule

    def _cron(self, document: Mapping[object, Any]) -> Cron:
        line, zone = document.get("cron"), self._zone
        if "zone" in document:
            zone = _zone(document["zone"])
        if not isinstance(line, str):
            raise WrongField("cron", f"a line such as 0 6 * * 1, found {shown(line)}")
        try:
            return Cron.parse(line, zone)
        except ValueError as problem:
            raise WrongField(
                "cron",
                "minute, hour, day of the month, month and day of the week, such as 0 6 * * 1, or @daily, found "
                f"{shown(line)} ({problem})",
            ) from None

    def _pipeline(self, document: Mapping[object, Any]) -> str | None:
        if "pipeline" not in document:
            return None
        name = _line(document, "pipeline")
        if self._catalog is None:  # ours names ours
            return name
        try:
            return self._catalog.library.find(name).name
        except (UnknownPipeline, BrokenFile) as problem:
            raise WrongField("", f"pipeline: {problem}") from None


def _document(file: Path) -> Mapping[object, Any]:
    try:
        return fields.read(file, _FIELDS)
    except WrongField as problem:
        with suppress(Unreadable):
            # YAML takes a star for the name of another value.
            if re.search(r"^cron: *\*", text_of(file), re.MULTILINE):
                raise WrongField("", f"{problem} (a cron line that begins with * stands in quotes)") from None
        raise


def _zone(name: object) -> ZoneInfo:
    try:
        if isinstance(name, str) and name:
            return ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # not there, no name of one, a folder of names
        pass
    near = nearest(name, available_timezones()) if isinstance(name, str) else ""
    raise WrongField("zone", f"the name of a time zone such as Europe/London, found {shown(name)}{near}")


def _goal(words: object) -> str:
    if not isinstance(words, str) or not words.strip():
        raise WrongField("goal", f"a goal's words, found {shown(words)}")
    for name in PLACEHOLDER.findall(words):
        if name not in ("date", "week"):
            raise WrongField("goal", f"no placeholders but {{date}} and {{week}}, found {shown(f'{{{name}}}')}")
    return words


def _cap(document: Mapping[object, Any]) -> int | None:
    given = document.get("cap")
    if "cap" not in document:
        return None
    try:
        if isinstance(given, int | float | str) and not isinstance(given, bool):
            return parse_usd(str(given))
    except ValueError:
        pass
    raise WrongField("cap", f"an amount in USD such as 25 or 2.50, found {shown(given)}")


def _whole(document: Mapping[object, Any], key: str, usual: int, most: int) -> int:
    given = document.get(key, usual)
    if not isinstance(given, int) or isinstance(given, bool) or not 1 <= given <= most:
        raise WrongField(key, f"a whole number from 1 to {most}, found {shown(given)}")
    return given


def _line(document: Mapping[object, Any], key: str) -> str:
    return fields.line(key, document[key], most=_LONGEST_LINE)
