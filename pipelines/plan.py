"""
The graph of a plan: what needs what, what is ready, what cannot be.

Pure: nothing here reads a file or knows how a task is done.

Errors:

* PipelineError
    * BrokenPlan
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from types import MappingProxyType
from typing import Final, TypeGuard, TypeVar

#: The actors that review and report where no skill does.
DIRECTOR = "director"

#: A larger plan is a plan nobody looks through before agreeing to it.
MOST_TASKS = 24

#: Of a plan of Claude's; `prompting/texts/plan.md` tells it so.
MOST_TASKS_OF_CLAUDE = 12

#: Characters of a brief: more than the 150 words Claude is asked for.
LONGEST_BRIEF = 1_500

#: Pieces of one task; more is more than one specialist's work.
MOST_PIECES = 8

#: Characters of a piece's title.
LONGEST_TITLE = 100

Record = TypeVar("Record")

_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,79}")
_SOURCE = re.compile(r"claude|(template|routing):\S.*")


class PipelineError(Exception):
    """A plan, or what plans are made from, cannot be used."""


class BrokenPlan(PipelineError):
    """The tasks of a plan do not make a plan."""


class StepKind(StrEnum):
    """What is done in a task."""

    DRAFT = "draft"  #: A specialist writes a deliverable.
    REVIEW = "review"  #: A specialist or the director judges another task's deliverable.
    REPORT = "report"  #: The director writes its own report.


class Size(StrEnum):
    """How much a task hands over, pieces and the notes behind them."""

    NOTE = "note"
    SHEET = "sheet"
    DOCUMENT = "document"

    @property
    def piece_words(self) -> int:
        """The most words all its pieces may have together."""
        return {"note": 400, "sheet": 1_000, "document": 2_000}[self.value]

    @property
    def note_words(self) -> int:
        """The most words the notes behind them may have."""
        return {"note": 250, "sheet": 500, "document": 900}[self.value]


@dataclass(frozen=True, slots=True)
class PlannedTask:
    """One task of a plan, by a key that is unique in it."""

    key: str
    skill: str  #: The skill that does it; the director for a report, and for a review where no skill is to do it.
    kind: StepKind
    needs: tuple[str, ...]  #: Keys of the tasks whose deliverables it is given.
    brief: str = ""
    target: str | None = None  #: Key of the task whose deliverable a review judges.
    pieces: tuple[str, ...] = ()  #: Titles of what it hands over; where there is none, its specialist chooses.
    size: Size = Size.DOCUMENT


#: Under which, among their sizing, plans of before a sketch have what was decided for all who write.
_APPROACH: Final = "How it is gone about"


@dataclass(frozen=True, slots=True)
class Unknown:
    """What decides the work and nobody but the owner knows."""

    question: str
    default: str  #: The answer that everybody writes by until the owner gives another.


@dataclass(frozen=True, slots=True)
class Plan:
    """
    Tasks, each after all it needs, and where the plan came from.

    Raises:
        BrokenPlan: A task stands before one it needs, or *source* is no `claude`, `template:…`, `routing:…`.
    """

    tasks: tuple[PlannedTask, ...]
    source: str
    note: str = ""
    #: What its maker found of the goal's size, by the question.
    sizing: Mapping[str, str] = field(default_factory=dict)
    unknowns: tuple[Unknown, ...] = ()  #: What changes most first.
    #: The whole job done once in short, Markdown with each piece under its title: what everybody holds to and makes better.
    sketch: str = ""

    def __post_init__(self) -> None:
        """Refuse an order that is none, so that whoever holds a plan can rely on it."""
        if not _SOURCE.fullmatch(self.source):
            raise BrokenPlan(f"A plan comes from claude, template:… or routing:…, not from {self.source!r}.")
        seen: set[str] = set()
        for task in self.tasks:
            if task.key in seen or not seen.issuperset(task.needs):
                raise BrokenPlan(f"The task {task.key} of a plan must stand there once, and after all it needs.")
            seen.add(task.key)


def check(
    tasks: Sequence[PlannedTask],
    known_skills: Collection[str] | None = None,
    *,
    most: int = MOST_TASKS,
    left_out: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:
    """
    All reasons why these tasks cannot be a plan, a sentence each; they may come in any order.

    Without *known_skills* it is not asked which skills there are. *left_out* says of those that are not known why they cannot
    be used. How many tasks there are and what they are called comes first; where that is wrong, what it means is not looked at.
    """
    if not tasks:
        return ("The plan has no tasks.",)
    if reason := too_many(len(tasks), most):
        return (reason,)
    if wrong := _check_sizes(tasks, most):
        return tuple(wrong)
    reasons = _check_shape(tasks)
    reasons += _check_pieces(tasks)
    kinds = {task.key: task.kind for task in tasks}
    for task in tasks:
        reasons += _check_skill(task, known_skills, left_out)
        reasons += _check_target(task, kinds, ancestors(tasks, task.key))
    return tuple(reasons)


def too_many(count: int, most: int = MOST_TASKS) -> str | None:
    """Why a plan cannot have *count* tasks; None when it can."""
    return f"The plan has {count} tasks; at most {most} are allowed." if count > most else None


def in_order(tasks: Sequence[PlannedTask]) -> tuple[PlannedTask, ...]:
    """
    The same tasks, each after all it needs; otherwise in the order given.

    Raises:
        BrokenPlan: There is no such order.
    """
    if reasons := _check_shape(tasks):
        raise BrokenPlan(reasons[0])
    waiting = list(tasks)
    placed: dict[str, PlannedTask] = {}
    while waiting:
        following = next(task for task in waiting if placed.keys() >= set(task.needs))
        waiting.remove(following)
        placed[following.key] = following
    return tuple(placed.values())


def ready(tasks: Sequence[PlannedTask], done: Set[str]) -> tuple[str, ...]:
    """The keys of tasks that are not done and need nothing that is not; those under way are among them."""
    return tuple(task.key for task in tasks if task.key not in done and done >= set(task.needs))


def sinks(tasks: Sequence[PlannedTask]) -> tuple[str, ...]:
    """The keys of the tasks that no other one needs."""
    needed = {need for task in tasks for need in task.needs}
    return tuple(task.key for task in tasks if task.key not in needed)


def ancestors(tasks: Sequence[PlannedTask], key: str) -> tuple[str, ...]:
    """The keys of all a task needs, and what those need, in the order of *tasks*; none for an unknown key."""
    needs = {task.key: task.needs for task in tasks}
    found: set[str] = set()
    waiting = list(needs.get(key, ()))
    while waiting:
        need = waiting.pop()
        if need not in found:
            found.add(need)
            waiting += needs.get(need, ())
    return tuple(task.key for task in tasks if task.key in found)


def critical_path(tasks: Sequence[PlannedTask], weight: Callable[[PlannedTask], float]) -> tuple[str, ...]:
    """
    The keys of the chain that weighs most, first to last: with durations, what the plan takes at least.

    Of equally heavy chains it is the one listed first. A weight is 0 or more.

    Raises:
        BrokenPlan: The tasks have no order.
    """
    chains: dict[str, tuple[float, tuple[str, ...]]] = {}
    for task in in_order(tasks):
        longest, chain = max((chains[need] for need in task.needs), key=lambda found: found[0], default=(0.0, ()))
        chains[task.key] = (longest + weight(task), (*chain, task.key))
    return max(chains.values(), key=lambda found: found[0], default=(0.0, ()))[1]


def to_document(plan: Plan) -> dict[str, object]:
    """The plan as plain JSON values; `from_document` makes the same plan of them."""
    return {
        "source": plan.source,
        "note": plan.note,
        "sizing": dict(plan.sizing),
        "unknowns": [{"question": one.question, "default": one.default} for one in plan.unknowns],
        "sketch": plan.sketch,
        "tasks": [
            {
                "key": task.key,
                "skill": task.skill,
                "kind": task.kind.value,
                "needs": list(task.needs),
                "brief": task.brief,
                "target": task.target,
                "pieces": list(task.pieces),
                "size": task.size.value,
            }
            for task in plan.tasks
        ],
    }


def from_document(document: object) -> Plan:
    """
    The plan that `to_document` wrote.

    Raises:
        BrokenPlan: It is not such a document, or its tasks do not make a plan.
    """
    match document:
        case {"source": str(source), "note": str(note), "tasks": list(tasks), **more}:
            # Plans that were stored before these came have none.
            sizing = more.get("sizing", {})
            unknowns = _records(more.get("unknowns", []), Unknown, ("question", "default"))
            if _is_sizing(sizing) and unknowns is not None:
                sketch = more.get("sketch", sizing.get(_APPROACH, ""))
                sizing = {question: said for question, said in sizing.items() if question != _APPROACH}
                if isinstance(sketch, str):
                    return Plan(tuple(_task_in(task) for task in tasks), source, note, sizing, unknowns, sketch)
    raise BrokenPlan(f"A stored plan has a source, a note and tasks; this one is {str(document)[:80]!r}.")


def _is_sizing(found: object) -> TypeGuard[dict[str, str]]:
    return isinstance(found, dict) and all(isinstance(part, str) for pair in found.items() for part in pair)


def _records(found: object, kind: Callable[..., Record], names: tuple[str, str]) -> tuple[Record, ...] | None:
    if not isinstance(found, list):
        return None
    if any(not isinstance(one, dict) or any(not isinstance(one.get(name), str) for name in names) for one in found):
        return None
    return tuple(kind(**{name: one[name] for name in names}) for one in found)


def _task_in(document: object) -> PlannedTask:
    match document:
        case {
            "key": str(key),
            "skill": str(skill),
            "kind": ("draft" | "review" | "report") as kind,
            "needs": list(needs),
            "brief": str(brief),
            "target": (str() | None) as target,
            **more,
        } if all(isinstance(need, str) for need in needs):
            pieces, size = more.get("pieces", []), more.get("size", Size.DOCUMENT)
            if (
                isinstance(pieces, list)
                and all(isinstance(piece, str) for piece in pieces)
                and isinstance(size, str)
                and size in set(Size)
            ):
                return PlannedTask(key, skill, StepKind(kind), tuple(needs), brief, target, tuple(pieces), Size(size))
    raise BrokenPlan(
        f"A stored task has key, skill, kind, needs, brief and target; this one is {str(document)[:80]!r}."
    )


def _check_sizes(tasks: Sequence[PlannedTask], most: int) -> list[str]:
    keys = dict.fromkeys(task.key for task in tasks)
    reasons = [
        f"The key {key[:80]!r} must be 1 to 80 letters, digits, hyphens and underscores."
        for key in keys
        if not _KEY.fullmatch(key)
    ]
    reasons += [
        f"The task {task.key[:80]} needs {len(task.needs)} tasks; a plan has at most {most}."
        for task in tasks
        if len(task.needs) > most
    ]
    return reasons


def _check_shape(tasks: Sequence[PlannedTask]) -> list[str]:
    reasons: list[str] = []
    keys = Counter(task.key for task in tasks)
    for key, times in keys.items():
        if times > 1:
            reasons.append(f"The key {key} is given to {times} tasks; each needs one of its own.")
    for task in tasks:
        for need, times in Counter(task.needs).items():
            if need == task.key:
                reasons.append(f"The task {task.key} needs itself.")
            elif need not in keys:
                reasons.append(f"The task {task.key} needs {need[:80]!r}, which is no task of the plan.")
            if times > 1:
                reasons.append(f"The task {task.key} needs {need[:80]!r} more than once.")
    if circle := _circle({task.key: task.needs for task in tasks}):
        needed = ", which needs ".join(circle[1:])
        reasons.append(f"The tasks wait for each other in a circle: {circle[0]} needs {needed}.")
    return reasons


def _circle(needs: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """One circle of several tasks, its first key again at the end; nothing when there is none."""
    open_ = {key: [need for need in found if need in needs and need != key] for key, found in needs.items()}
    while free := [key for key, found in open_.items() if not any(need in open_ for need in found)]:
        for key in free:
            del open_[key]
    if not open_:
        return ()
    # What is left needs something that is left, so going on must come back somewhere.
    path = [next(iter(open_))]
    while (following := next(need for need in open_[path[-1]] if need in open_)) not in path:
        path.append(following)
    return (*path[path.index(following) :], following)


def _check_pieces(tasks: Sequence[PlannedTask]) -> list[str]:
    reasons = [
        f"The task {task.key} names {len(task.pieces)} pieces; at most {MOST_PIECES} are allowed."
        for task in tasks
        if len(task.pieces) > MOST_PIECES
    ]
    titles = Counter(" ".join(piece.lower().split()) for task in tasks for piece in task.pieces)
    for title, times in titles.items():
        if not title or len(title) > LONGEST_TITLE or '"' in title:
            shown = title[:LONGEST_TITLE]
            reasons.append(
                f"A piece is called {shown!r}; a title has 1 to {LONGEST_TITLE} characters, no quotation mark."
            )
        elif times > 1:
            reasons.append(f"{times} pieces are called {title!r}; each needs a title of its own.")
    return reasons


def _check_skill(task: PlannedTask, known_skills: Collection[str] | None, left_out: Mapping[str, str]) -> list[str]:
    if task.skill == DIRECTOR and task.kind is not StepKind.DRAFT:
        return []
    skill = repr(task.skill[:80])
    if task.kind is StepKind.REPORT:
        return [f"The report {task.key} is written by the director, not by {skill}."]
    is_known = task.skill != DIRECTOR if known_skills is None else task.skill in known_skills
    if is_known:
        return []
    if why := left_out.get(task.skill):
        return [f"The task {task.key} asks for {skill}, which was left out: {why.rstrip('.')}."]
    return [f"The task {task.key} asks for {skill}, which is no skill{nearest(task.skill, known_skills or ())}."]


def _check_target(task: PlannedTask, kinds: Mapping[str, StepKind], before: Collection[str]) -> list[str]:
    if task.kind is not StepKind.REVIEW:
        return [] if task.target is None else [f"The task {task.key} is no review and cannot have a target."]
    if task.target is None:
        return [f"The review {task.key} does not say which task's deliverable it judges."]
    if kinds.get(task.target) is not StepKind.DRAFT:
        return [f"The review {task.key} judges {task.target[:80]!r}, which is no drafting task of the plan."]
    if task.target not in before:
        return [f"The review {task.key} judges {task.target} and must come after it, so it has to need it."]
    return []


def nearest(word: str, known: Collection[str]) -> str:
    """What a complaint about an unknown word adds: `; nearest: a, b`, or nothing when none is near."""
    names = {name.lower(): name for name in sorted(known)}
    close = get_close_matches(word[:80].lower(), names, n=3, cutoff=0.5)
    return f"; nearest: {', '.join(names[name] for name in close)}" if close else ""
