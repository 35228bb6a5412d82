"""`status`: how things stand."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from rich.console import Group, RenderableType
from rich.text import Text

from director.bootstrap import opened
from director.calls.caps import goal_scope, month_scope
from director.catalog import Catalog
from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.left_goals import left_line
from director.cli.tables import goal_view
from director.cli.terminal import console, cut, fitted
from director.mailbox import abilities, weather
from director.office import Office
from director.redis.bus import why_without_queue
from director.store.tx import Tx
from director.triggers.clock import next_slots
from director.triggers.schedules import load
from director.upkeep.record_copies import warning
from director.views.calibration import beside
from director.views.goal import goal_document, goals_document
from director.words.amounts import usd
from director.words.characters import shortened, visible
from director.words.command import program, with_brand
from director.words.errors import MustWait
from director.words.models import Goal
from director.words.settings import from_env
from director.words.states import TaskState

#: Skills that are named in a line.
_MOST_NAMED: Final = 5

#: Characters of what is wrong that are shown.
_SHOWN: Final = 100

#: Skills, or pipelines, that are not used, a line each.
_MOST_LEFT_OUT: Final = 20


def print_goal(ident: str, *, json: bool) -> None:
    """One goal, with its tasks."""
    out = console()
    with opened_for(ident) as office, office.store.read() as tx:
        goal = tx.goals.get(ident)
        document = goal_document(office, tx, goal) if json else None
        view = goal_view(tx, goal, out.width)
        left = left_line(tx, [goal])
        known = None if json else beside(tx, office, goal)
    # Not before the record is closed: who reads may pause, and no transaction stays open for that.
    if document is not None:
        print_document(document)
        return
    out.print(view)
    if known:
        out.print(Text(known.sentence(), style="dim"))
    if left:
        out.print(left)


def print_goals(*, json: bool, most: int | None) -> None:
    """The newest goals, *most* of them or all, and how many are left out; what is spent, who works, who is waited for."""
    out = console()
    with opened(from_env()) as office:
        copies = None if json else warning(office)
        with office.store.read() as tx:
            count = tx.goals.count(office.brand)
            goals = tx.goals.all(office.brand, limit=count if most is None else most)
            document = goals_document(office, tx, goals, left_out=count - len(goals)) if json else None
            view = None if json else _overview(office, tx, goals, out.width)
    if document is not None:
        print_document(document)
        return
    out.print(view)
    if copies:
        out.print(Text(copies, style="yellow"))
    if count > len(goals):
        out.print(f"{count - len(goals):,} older goals are not shown: `status --all`, or `status GOAL` for one.")


def _overview(office: Office, tx: Tx, goals: Sequence[Goal], width: int) -> RenderableType:
    left_out = [*_schedules(office, tx), *_left_out(office.catalog)]
    if not goals:
        where, give = office.settings.workspace_dir, f'{program()} goal "Increase signup conversion by 20%"'
        none = Text(f"No goals yet in {where}.\nGive one: {give}")
        others = [Text(line) for line in _other_brands(tx, office.brand)]
        return Group(none, *left_out, *others, *_wrong(tx, office.brand))
    accounts = tx.accounts.all()
    spent = {(account.scope, account.rehearsal): account.spent_nano for account in accounts}
    rehearsed, paid = ({goal.id: spent.get((goal_scope(goal.id), kind), 0) for goal in goals} for kind in (True, False))
    # Two kinds of money, never in one column: of one there is often nothing.
    money = [(name, of) for name, of in (("paid", paid), ("rehearsed", rehearsed)) if any(of.values())]
    money = money or [("paid", paid)]
    names = [name for name, _ in money]
    rows: list[tuple[str | Text, ...]] = []
    for goal in goals:
        tasks = tx.tasks.of_goal(goal.id)
        done = sum(task.state is TaskState.APPROVED for task in tasks)
        state = goal.state if goal.wait_for is None else f"{goal.state} ({goal.wait_for})"
        rows.append((
            goal.id, state, goal.priority, goal.category, f"{done}/{len(tasks)}", *(usd(of[goal.id]) for _, of in money),
            usd(goal.cap_nano), cut(goal.text),
        ))  # fmt: skip
    table = fitted(
        rows,
        ("goal", "state", "prio", "category", "approved", *names, "cap", "asked"),
        width,
        text="asked",
        right=("approved", *names, "cap"),
        drop=("cap", "prio", "category", "approved", *names),
    )
    workers = tx.presence.standing_workers()
    questions = len(tx.approvals.open(brand=office.brand))
    lines: list[RenderableType] = [table, Text("")]
    lines.append(Text(_who_works(tx, workers)))
    if without := len(tx.presence.without_queue()):
        lines.append(Text(f"Worker processes that hear no bells: {without}; {why_without_queue()}.", style="yellow"))
    if line := left_line(tx, goals):
        lines.append(Text(line))
    lines += [Text(line, style="yellow") for line in _who_differs(tx)]
    lines += left_out
    if questions:
        lines.append(Text(f"Questions that wait for you: {questions} ({program()} approvals).", style="yellow"))
    lines += [Text(line) for line in _other_brands(tx, office.brand)]
    lines += _wrong(tx, office.brand)
    if (paused := tx.brands.get(office.brand).paused_at) is not None:
        command = f"{program()} resume --all{with_brand(office.brand)}"
        lines.append(
            Text(
                f"All work is paused since {paused:%Y-%m-%d %H:%M} UTC ({command}).",
                style="yellow",
            )
        )
    service = tx.components.get(office.claude.service)
    if service is not None and service.offline_since is not None and service.look_at is not None:
        said = f"The model service is offline since {_time(service.offline_since)} ({service.reason.rstrip('.')}); "
        # What is past was meant for who worked then; nobody may have, since.
        again = f"at {_time(service.look_at)}" if service.look_at > tx.now else "as soon as somebody works"
        lines.append(Text(f"{said}it is asked again {again}.", style="red"))
    lines += [Text(line, style="yellow") for line in _limits(office, tx)]
    months = [account for account in accounts if account.scope.startswith(month_scope(office.brand, ""))]
    for kind, said in ((False, "Paid in all: {}."), (True, "Rehearsed in all: {}; that was not paid.")):
        if nano := sum(account.spent_nano for account in months if account.rehearsal is kind):
            lines.append(Text(said.format(usd(nano)), style="magenta" if kind else ""))
    if office.claude.rehearses and not workers:
        lines.append(Text("No ANTHROPIC_API_KEY here: what is worked on from here is a rehearsal.", style="magenta"))
    if line := office.settings.unused_token:
        lines.append(Text(line, style="magenta"))
    return Group(*lines)


def _other_brands(tx: Tx, brand: str) -> list[str]:
    """Whom the team works for besides, of whom nothing is shown here."""
    others = [one.name for one in tx.brands.all() if one.name != brand]
    if not others:
        return []
    named = ", ".join(others[:_MOST_NAMED]) + (f" and {len(others) - _MOST_NAMED} more" * (len(others) > _MOST_NAMED))
    return [f"This is of the brand {brand}. The team works for {named}, too: `{program()} status --brand NAME`."]


def _wrong(tx: Tx, brand: str) -> list[RenderableType]:
    """How many alerts are open, and the newest of them."""
    wrong = tx.alerts.open(brand)
    if not wrong:
        return []
    newest = shortened(visible(" ".join(wrong[-1].what.split())), _SHOWN)
    return [Text(f"Open alerts: {len(wrong)} ({program()} alerts); the newest: {newest}", style="red")]


def _limits(office: Office, tx: Tx) -> list[str]:
    """What the model service's limits keep back: until when it is not asked, and how many at once ask it until all do again."""
    lines = []
    for limit in tx.limits.of(office.claude.service):
        if until := weather.until_told(tx, limit):
            lines.append(f"{MustWait(limit.family, until, limit.reason)} All that needs it goes on by itself.")
        elif limit.slots is not None:
            most = office.settings.max_parallel_agents
            lines.append(
                f"{limit.family} is asked by {limit.slots} at once instead of {most}, after a limit was used up."
            )
    return lines


def _who_works(tx: Tx, workers: int) -> str:
    if workers:
        return f"Worker processes: {workers}."
    return "A command works on its goal; no worker stays." if tx.presence.anybody() else "No worker is running."


def _who_differs(tx: Tx) -> list[str]:
    """Who of those who are here lacks what others know: work that needs it waits for those."""
    lines = [
        f"{_named(owner)} lacks {_some(names)}, which another worker has: what needs it goes there (SKILLS_PATH)."
        for owner, names in abilities.lacks(tx).items()
    ]
    if differing := abilities.differs(tx):
        lines.append(
            f"Workers differ in {_some(differing)}: give them the same files and settings, and start them anew."
        )
    return lines


def _named(owner: str) -> str:
    host, process, *_ = owner.split(":")
    return f"Process {process} on {host}"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return visible(", ".join(names[:_MOST_NAMED])) + more


def _schedules(office: Office, tx: Tx) -> list[RenderableType]:
    """What the clock starts next, and the schedules it cannot: their files are broken."""
    schedules = load(office.settings, office.catalog)
    when = "" if tx.presence.standing_workers() else f", when `{program()} up` runs"
    lines: list[RenderableType] = [
        Text(f"Next: {schedule.name}, {schedule.local(slot, tx.now)}{when}.")
        for slot, schedule in next_slots(tx, office, schedules, 1)
    ]
    if schedules.broken:
        files = _some([file.name for file in schedules.broken])
        lines.append(Text(f"Schedules with a broken file rest: {files} ({program()} schedules).", style="yellow"))
    return lines


def _left_out(catalog: Catalog) -> list[RenderableType]:
    """One line for each guest, and each pipeline, that is not used, the first of many."""
    lines: list[str] = []
    for place, command, left_out in (
        ("SKILLS_PATH", "skills", catalog.left_out),
        ("the workspace's pipelines", "pipelines", catalog.pipelines_left_out),
    ):
        named = list(left_out.items())[:_MOST_LEFT_OUT]
        lines += [f"Left out of {place}: {name} ({visible(why.rstrip('.'))})." for name, why in named]
        if more := len(left_out) - len(named):
            lines.append(f"Left out of {place} are {more} more; `{program()} {command}` names them all.")
    return [Text(line, style="yellow") for line in lines]


def _time(moment: datetime) -> str:
    return f"{moment:%H:%M:%S} UTC"
