"""The page a goal ends with, made from the record: for its owner, so what to do stands first and what it cost last."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from director.files.places import Place, notes_path, places_of, report_path
from director.goals import forecast
from director.money.prices import usage_of
from director.office import Office
from director.progress import changes, replanning
from director.progress.advance import missing_of, named
from director.progress.cause import cause_of
from director.progress.facts import deliverable_of, not_mended, plan_of, sources_for
from director.progress.open_facts import listed, to_check
from director.prompting.forms import WORDS, Conclusion
from director.prompting.pieces import Piece, take_apart, words
from director.store.tx import Tx
from director.tasks import repeats
from director.words.amounts import plain_usd, usd
from director.words.characters import shortened
from director.words.models import Approval, Call, Goal, Task
from director.words.question import Kind
from director.words.rehearsal import LABEL
from director.words.scores import SHAPE_CHECKED, scored
from director.words.states import ApprovalState, CallState, TaskState
from pipelines.plan import Plan, StepKind
from skills import markdown
from skills.rubric import PASS_MARK

#: Words of a piece that a page begins with, whole; it is still one page.
_MOST_SHOWN: Final = 300

#: Words of all pieces together that the page has below what is done with them, whole: nothing else need be opened then.
MOST_TOGETHER: Final = 1_200

#: Facts to check that a page has room for.
_MOST_OPEN: Final = 5

#: Pairs of variants that say the same that a page has room for.
_MOST_REPEATS: Final = 5

#: Characters of a goal that is the page's title; of a longer one its beginning is, and all of it stands below.
_LONGEST_TITLE: Final = 160

#: What a piece's other files are for.
_FOR: Final = {".html": "to print", ".csv": "its table for a spreadsheet", ".svg": "its chart"}


def report(office: Office, tx: Tx, goal: Goal, found: Conclusion) -> str:
    """
    The page the goal's owner reads, as a Markdown file: what to do now, what to decide, what it rests on, how to see whether it
    worked; what was written and what it cost stand last. Ids, models and categories are the record's, and stand nowhere.

    What the Director says beyond the words a page has room for stands under Later: nothing of it is cut.
    """
    tasks = tx.tasks.of_goal(goal.id)
    calls = tx.calls.of_goal(goal.id)
    rehearsed = any(call.rehearsal for call in calls)
    replanned = _replanned(tx, goal, tasks)
    asked = markdown.as_line(goal.text)
    is_short = len(asked) <= _LONGEST_TITLE
    parts = [f"# {asked if is_short else markdown.as_line(shortened(goal.text.strip(), _LONGEST_TITLE))}"]
    if rehearsed:
        parts.append(_rehearsed(calls))
    if missing := missing_of(tasks):
        planned = sum(task.state is not TaskState.LEFT_OUT for task in tasks)
        where = "What was re-planned" if all(task in replanned for task in missing) else "What to decide"
        parts.append(
            f"> Partial: {len(missing)} of {planned} tasks ended without an approved deliverable; see {where}."
        )
    places = _places(tx, tasks)
    linked = _Linked(office, goal, [place for _, found in places for place in found])
    plan = plan_of(tx, goal)
    now, later = _by_room(found.next_steps, WORDS["next_steps"])
    decisions, also_decide = _by_room(found.decisions, WORDS["decisions"])
    noticed, also_noticed = _by_room(found.noticed, WORDS["noticed"])
    assumptions, also_assumed = _by_room(found.assumptions, WORDS["assumptions"])
    # Of one task the page is its first piece; of more it begins with what they are for.
    first = _first_piece(tx, tasks, linked, dict(places))
    together = _together(tx, linked, places, but_first=bool(first))
    came_of_it = markdown.as_paragraphs(found.summary)
    sections = [
        ("What to use first", first),
        ("What came of it", "" if first else came_of_it),
        ("What to do now", "\n".join(f"{n}. {linked.line(step)}" for n, step in enumerate(now, 1))),
        ("What only you know", _only_you(plan, found, linked)),
        (
            "What to decide",
            (
                _to_decide(
                    [task for task in tasks if task not in replanned],
                    calls,
                    decisions,
                    found.contradictions,
                    tx.approvals.of_goal(goal.id),
                    linked,
                    dict(places),
                )
                + _outdated(tx, goal, tasks, linked, dict(places))
            ).strip(),
        ),
        (
            "What was re-planned",
            "\n".join(f"- {named(task)}: {markdown.as_line(why)}" for task, why in replanned.items()),
        ),
        ("What we noticed", "\n".join(f"- {linked.line(said)}" for said in noticed)),
        ("What is assumed", "\n".join(f"- {markdown.as_line(said)}" for said in assumptions)),
        ("What was found and not mended", _not_mended(tx, tasks, calls, linked)),
        ("What says the same twice", _repeats(tx, goal, tasks, calls, linked)),
        ("What to check", _open(office, tx, goal, tasks, calls, linked)),
        ("How the effect is seen", markdown.as_paragraphs(found.effect)),
        ("What came of it", came_of_it if first else ""),
        ("What was asked", _asked(tx, goal, is_short=is_short)),
        (
            "Later",
            "\n".join(
                [
                    *(f"- {linked.line(step)}" for step in later),
                    *(f"- To decide: {markdown.as_line(said)}" for said in also_decide),
                    *(f"- Noticed: {markdown.as_line(said)}" for said in also_noticed),
                    *(f"- Assumed: {markdown.as_line(said)}" for said in also_assumed),
                ]
            ),
        ),
        ("What was written", together or _written(tx, linked, places)),
        ("What it cost", _cost(office, goal, calls)),
    ]
    parts += [f"## {title}\n\n{body}" for title, body in sections if body]
    return "\n\n".join(parts) + "\n"


def _first_piece(tx: Tx, tasks: list[Task], linked: "_Linked", places: Mapping[Task, tuple[Place, ...]]) -> str:
    """Of a goal of one task, what its owner uses first, whole. Empty where there are more tasks, or more words of it."""
    written = [task for task in tasks if task.kind is StepKind.DRAFT and task.state is not TaskState.LEFT_OUT]
    if len(written) != 1 or written[0] not in places:
        return ""
    pieces = take_apart(deliverable_of(tx, written[0]) or "").pieces
    if not pieces or words(pieces[0].text) > _MOST_SHOWN:
        return ""
    return _whole(linked, places[written[0]][0], pieces[0])


def _together(tx: Tx, linked: "_Linked", places: Sequence[tuple[Task, tuple[Place, ...]]], *, but_first: bool) -> str:
    """
    All pieces whole, each below its title, where they are few words; *but_first*: without the one the page begins with. Empty
    where they are more, or something was written that has no pieces.
    """
    shown, count = [], 0
    for task, found in places:
        pieces = take_apart(deliverable_of(tx, task) or "").pieces
        count += sum(words(piece.text) for piece in pieces)
        if not pieces or count > MOST_TOGETHER:
            return ""
        shown += [_whole(linked, place, piece) for place, piece in zip(found, pieces, strict=True)]
    why = ", ".join(
        linked.to(notes_path(task), f"for {' and '.join(f'“{markdown.as_line(place.title)}”' for place in found)}")
        for task, found in places
    )
    return "\n\n".join([*shown[1 if but_first else 0 :], f"Why they are so: {why}."]) if shown else ""


def _whole(linked: "_Linked", place: Place, piece: Piece) -> str:
    title = f"**{linked.to(place.path, markdown.as_line(place.title))}**"
    also = ", ".join(linked.to(path, _FOR[Path(path).suffix]) for path in place.extra)
    return f"{title}{f' ({also})' if also else ''}\n\n{_quoted(piece.text)}"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def _only_you(plan: Plan, found: Conclusion, linked: "_Linked") -> str:
    """The open questions everybody wrote by a default of, each with what is changed where it is not so, or the default."""
    lines = []
    for number, one in enumerate(plan.unknowns):
        otherwise = found.otherwise[number] if number < len(found.otherwise) else ""
        said = otherwise.strip() or f"It is written as if: {_ended(one.default, '.')}"
        line = f"{_ended(one.question, '?')} {said}"
        lines.append(f"- {linked.line(line)}")
    return "\n".join(lines)


def _ended(said: str, sign: str) -> str:
    said = said.strip()
    return said if said.endswith((".", "?", "!")) else f"{said}{sign}"


def _by_room(said: Sequence[str], most: int) -> tuple[Sequence[str], Sequence[str]]:
    """The first of what is said, in at most so many words, or one where that is longer; and the others."""
    taken = 0
    for number, one in enumerate(said):
        taken += words(one)
        if number and taken > most:
            return said[:number], said[number:]
    return said, ()


def _asked(tx: Tx, goal: Goal, *, is_short: bool) -> str:
    # A short goal stands in the title.
    quoted = "" if is_short else "\n".join(f"> {line}" for line in markdown.as_paragraphs(goal.text).split("\n"))
    cause = cause_of(tx, goal.id)
    return quoted if cause is None else f"{quoted}\n\nStarted by {markdown.as_line(cause)}.".strip()


def _rehearsed(calls: list[Call]) -> str:
    real = [call for call in calls if not call.rehearsal]
    if not real:
        return f"> {LABEL} Costs are what the calls would have cost."
    return (
        f"> Partly a rehearsal: {len(calls) - len(real)} of {len(calls)} answers are the built-in model's, not Claude's; "
        f"their costs are what they would have cost. Paid was {usd(_sum(real))}."
    )


def _replanned(tx: Tx, goal: Goal, tasks: list[Task]) -> dict[Task, str]:
    """What the Director did about tasks that failed, and why."""
    lines = {
        line.subject: line.detail or "" for line in replanning.journal(tx, goal.id) if line.what == replanning.REPLANNED
    }
    return {task: lines[task.id] for task in tasks if task.id in lines}


def _why_missing(task: Task, questions: list[Approval]) -> str:
    asked = [question for question in questions if question.task == task.id and question.kind == Kind.DRAFT]
    if not asked:
        return "was not begun, because what it needs was not approved"
    return f"was not approved: nobody answered {asked[-1].id} in time; `show {asked[-1].id}` has its best draft"


def _places(tx: Tx, tasks: list[Task]) -> list[tuple[Task, tuple[Place, ...]]]:
    """The files of what was approved, by task."""
    return [(task, places_of(task, text)) for task in tasks if (text := deliverable_of(tx, task)) is not None]


class _Linked:
    """Links to pieces from a goal's report."""

    def __init__(self, office: Office, goal: Goal, places: Sequence[Place]) -> None:
        folder = office.settings.workspace_dir
        self.here = (folder / report_path(goal)).parent
        self.folder = folder
        # The longer title first: "Letter" is no link within "Letter to members".
        self.places = sorted(places, key=lambda place: -len(place.title))

    def to(self, path: str, words: str) -> str:
        """A link with these words."""
        words = words.replace("[", "\\[").replace("]", "\\]")
        return f"[{words}]({Path(os.path.relpath(self.folder / path, self.here)).as_posix()})"

    def line(self, said: str) -> str:
        """What somebody said, in a line, the pieces in it linked by their titles, each where it is named first."""
        parts = [markdown.as_line(said)]
        for place in self.places:
            title = markdown.as_line(place.title)
            for number, part in enumerate(parts):
                before, there, after = part.partition(title) if not part.startswith("[") else (part, "", "")
                if there and not before.endswith("["):  # it is somebody's link already
                    parts[number : number + 1] = [before, self.to(place.path, title), after]
                    break
        return "".join(parts)


def _written(tx: Tx, linked: _Linked, places: list[tuple[Task, tuple[Place, ...]]]) -> str:
    lines = []
    for task, found in places:
        for place in found:
            extra = [linked.to(path, _FOR[Path(path).suffix]) for path in place.extra]
            lines.append(f"- {', '.join([linked.to(place.path, markdown.as_line(place.title)), *extra])}")
        if take_apart(deliverable_of(tx, task) or "").pieces:
            # Behind the last of several it would be taken for that one's.
            if len(found) == 1:
                lines[-1] += f"; {linked.to(notes_path(task), 'why it is so')}"
            else:
                lines.append(f"- Behind these {len(found)}: {linked.to(notes_path(task), 'why they are so')}")
    return "\n".join(lines) or "Nothing."


def _sum(calls: Sequence[Call]) -> int:
    return sum(call.cost_nano for call in calls)


def _counted(calls: Sequence[Call]) -> str:
    return "1 call" if len(calls) == 1 else f"{len(calls)} calls"


def _cost(office: Office, goal: Goal, calls: list[Call]) -> str:
    paid, rehearsed = [call for call in calls if not call.rehearsal], [call for call in calls if call.rehearsal]
    lines = []
    if paid or not rehearsed:
        lines.append(f"{_counted(paid)}, {plain_usd(_sum(paid))} of your {plain_usd(goal.cap_nano)}.")
    if rehearsed:
        also = "more" if paid else f"of your {plain_usd(goal.cap_nano)}"
        lines.append(f"{_counted(rehearsed)} rehearsed, which would have cost {plain_usd(_sum(rehearsed))} {also}.")
    lines += _cache(office, calls)
    if expected := forecast.from_document(goal.forecast):
        lines.append(
            f"Before it was begun, {plain_usd(expected.likely_nano)} was expected, between {plain_usd(expected.low_nano)} and "
            f"{plain_usd(expected.high_nano)}."
        )
    for asked, served in sorted({(call.model, call.served) for call in calls if call.served}):
        mine = [call for call in calls if (call.model, call.served) == (asked, served)]
        lines.append(
            f"{len(mine)} of the calls asked {asked} and were answered by {markdown.as_line(served)}; "
            f"they are counted at its price, {usd(_sum(mine))}."
        )
    lost = [call for call in calls if call.state is CallState.LOST]
    if lost:
        lines.append(
            f"{len(lost)} of the calls may have been paid without an answer; they are counted at their worst case, "
            f"{usd(_sum(lost))}."
        )
    twice = [call for call in calls if call.state is CallState.DUPLICATE]
    if twice:
        lines.append(
            f"{len(twice)} of the calls bought an answer a second time, because a process was taken for dead that was not; "
            f"that cost {usd(_sum(twice))}."
        )
    return " ".join(lines)


def _cache(office: Office, calls: list[Call]) -> list[str]:
    prompts = sum(usage_of(call).prompt for call in calls)
    read = sum(call.cache_read_tokens for call in calls)
    if not read:
        return []
    whole = _sum(calls) + office.prices.saved(calls)
    return [f"{read / prompts:.0%} of what was read came from the cache; without it, it would be {plain_usd(whole)}."]


def _not_mended(tx: Tx, tasks: list[Task], calls: list[Call], linked: _Linked) -> str:
    # What a rehearsal finds was found by nobody; what is minor is for its author, and stands in the review.
    return "\n".join(
        f"- {linked.line(finding.removeprefix('critical, ').removeprefix('major, '))}"
        for task in tasks
        if task.deliverable is not None and scored(task, calls) != SHAPE_CHECKED
        for finding in not_mended(tx, task)
        if not finding.startswith("minor,")
    )


def _repeats(tx: Tx, goal: Goal, tasks: list[Task], calls: list[Call], linked: _Linked) -> str:
    lines = repeats.left(tx, goal, [task for task in tasks if scored(task, calls) != SHAPE_CHECKED])
    if not lines:
        return ""
    said = "Variants that say the same in other words, as far as a program that counts words can tell:"
    return "\n".join([said, "", *listed([linked.line(line) for line in lines], _MOST_REPEATS)])


def _open(office: Office, tx: Tx, goal: Goal, tasks: list[Task], calls: list[Call], linked: _Linked) -> str:
    # What a rehearsal states is its skills' method.
    deliverables = [
        (text, sources_for(office, tx, goal, task))
        for task in tasks
        if task.kind is StepKind.DRAFT and scored(task, calls) != SHAPE_CHECKED
        if (text := deliverable_of(tx, task)) is not None
    ]
    lines = [linked.line(line) for line in to_check(deliverables)]
    if not lines:
        return ""
    said = "Stated in a piece, and found neither in your product context nor in your words:"
    return "\n".join([said, "", *listed(lines, _MOST_OPEN)])


def _to_decide(
    tasks: list[Task],
    calls: list[Call],
    decisions: Sequence[str],
    contradictions: Sequence[str],
    questions: list[Approval],
    linked: _Linked,
    places: Mapping[Task, tuple[Place, ...]],
) -> str:
    lines = [f"- Missing: {named(task)} {_why_missing(task, questions)}." for task in missing_of(tasks)]
    lines += [f"- {markdown.as_line(said)}" for said in decisions]
    lines += [f"- Contradiction: {markdown.as_line(said)}" for said in contradictions]
    lines += [f"- Question {q.id}: {markdown.as_line(q.question)}" for q in questions if q.state is ApprovalState.OPEN]
    lines += [
        f"- {', '.join(linked.to(place.path, markdown.as_line(place.title)) for place in places[task])}: taken with a score "
        f"of {score:.1f} of 10; look at it before it is used."
        for task in tasks
        if task in places and isinstance(score := scored(task, calls), float) and score < PASS_MARK
    ]
    return "\n".join(lines)


def _outdated(tx: Tx, goal: Goal, tasks: list[Task], linked: _Linked, places: Mapping[Task, tuple[Place, ...]]) -> str:
    titles = {task.id: " and ".join(f"“{place.title}”" for place in places[task]) for task in tasks if task in places}
    outdated = changes.outdated(tx, goal.id)
    return "".join(
        f"\n- {', '.join(linked.to(place.path, markdown.as_line(place.title)) for place in places[task])}: rests on an earlier "
        f"version of {' and '.join(markdown.as_line(titles.get(ident, ident)) for ident in outdated[task.id])}; look at it "
        "before it is used."
        for task in tasks
        if task.id in outdated and task in places
    )
