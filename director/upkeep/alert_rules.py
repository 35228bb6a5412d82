"""
What is wrong with the team's work now: a function for each rule of an alert, which reads what is on record and says so in
sentences. What to do about what they find is `alerts`.

None is returned where it cannot be known yet: what was left over from before is not stuck when somebody has just begun to work.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from shlex import quote
from typing import Final

from director.files.room import LOW, room_of
from director.inbox.kinds import answered_by, rule_of
from director.mailbox import restrictions
from director.money import levels
from director.office import Office
from director.store.tx import Tx
from director.triggers.clock import IN_TIME, is_on
from director.triggers.schedules import Schedule, load
from director.upkeep import sweep
from director.words.alert import Finding, Rule
from director.words.characters import shortened
from director.words.command import program, with_brand
from director.words.models import Restriction
from director.words.states import GoalState, Level, SlotFate, WaitFor

#: How long somebody has to be at work before what is overdue counts: a sweep and a tick have come by then.
SETTLED: Final = timedelta(seconds=75)

#: How long a question waits before that is an alert.
WAITED: Final = timedelta(days=1)

#: How long what happened once is news.
NEWS: Final = timedelta(days=1)

#: The share of the disk from which on it is nearly full no more: a little above LOW, so that it does not come and go.
ENOUGH: Final = 0.12

#: What the team does at a level besides holding work.
_DOES: Final[Mapping[Level, str]] = {
    Level.CRITICAL: "It goes on with P0 alone, on the cheapest model.",
    Level.EXHAUSTED: "It sends nothing, and asks you about calls of P0; all goes on by itself when the month turns.",
}

#: The fates of slots that nobody wished for.
_WRONG: Final = (SlotFate.MISSED, SlotFate.NOT_STARTED)

#: Characters of others' words that are repeated.
_SHOWN: Final = 160


@dataclass(frozen=True, slots=True)
class Looking:
    """Who looks, since when without a break, and what is found wrong already."""

    office: Office
    since: datetime
    raised: frozenset[tuple[Rule, str]]

    @property
    def settled(self) -> bool:
        """Whether what is overdue is so although somebody is at work."""
        return self.office.clock() - self.since >= SETTLED


#: What a rule finds; None: it cannot be known yet.
Found = Sequence[Finding] | None


def stuck(looking: Looking) -> Found:
    """What should go on and does not, an alert a reason: where a worker is missing a hundred rows are stuck for one."""
    if not looking.settled:
        return None
    by_reason = defaultdict(list)
    for row in sweep.stuck(looking.office, looking.office.brand):
        by_reason[row.why].append(row)
    return [
        Finding(
            Rule.STUCK,
            why[:_SHOWN],
            what=f"{_some([f'{row.kind} {row.id}' for row in rows])} should go on and {'does' if len(rows) == 1 else 'do'} "
            f"not: {why}.",
            costs=f"What needs them waits{_of_goals({row.goal for row in rows if row.goal})}.",
            does="It looks again every few seconds, and goes on by itself when it can.",
            command=f"{program()} status --stuck",
        )
        for why, rows in by_reason.items()
    ]


def budget(looking: Looking) -> Found:
    """The level that what is spent of the month has reached, of what is paid and of what is rehearsed."""
    office = looking.office
    with office.store.read() as tx:
        months = [restrictions.of_money(tx, office, office.brand, rehearsal=rehearsal) for rehearsal in (False, True)]
    return [_of_level(one) for one in months if one.level is not Level.NORMAL]


def _of_level(found: Restriction) -> Finding:
    held = sorted(levels.kept_back(found.level))
    return Finding(
        Rule.BUDGET,
        f"{found.brand} {'rehearsed' if found.rehearsal else 'paid'}",
        what=found.reason
        if found.wait_for is WaitFor.MONEY
        else f"The month {found.month} is at its level {found.level}.",
        costs=f"Work of priority {', '.join(held)} waits until the level falls.",
        does=_DOES.get(found.level, "It holds that work, and lets it go on by itself when the month turns."),
        command=f"{program()} budget set MONTHLY{with_brand(found.brand)}",
        grade=list(Level).index(found.level),
    )


def service(looking: Looking) -> Found:
    """The model services that count as offline."""
    with looking.office.store.read() as tx:
        away = tx.components.away()
    return [
        Finding(
            Rule.SERVICE,
            one.name,
            what=f"The model service ({one.name}) does not answer since {one.offline_since:%H:%M} UTC: {_cut(one.reason)}",
            costs="Goals that need it stand still; nothing is paid, and no attempt is used up.",
            does="It is asked once a minute by the oldest work, and everything goes on by itself when it answers.",
            command=f"{program()} status",
        )
        for one in away
    ]


def slots(looking: Looking) -> Found:
    """Schedules that were due and started nothing: nobody looked, or whoever did let it go."""
    if not looking.settled:
        return None
    office = looking.office
    schedules = load(office.settings, office.catalog).schedules.values()
    with office.store.read() as tx:
        missed = [(schedule, why) for schedule in schedules if (why := _missed(tx, office, schedule))]
    return [
        Finding(
            Rule.SLOT,
            schedule.name,
            what=f"The schedule {schedule.name} was due and started nothing: {why}",
            costs="Its goal was not given; no money was spent on it.",
            does="What was missed follows the schedule's own rule, and the next due time is looked at as planned.",
            command=f"{program()} schedules run {schedule.name}{with_brand(office.brand)}",
        )
        for schedule, why in missed
    ]


def _missed(tx: Tx, office: Office, schedule: Schedule) -> str:
    row = tx.slots.schedule(office.brand, schedule.name)
    if row is None or not is_on(schedule, row):
        return ""
    due = next(schedule.cron.after(row.looked_until), None)
    if due is not None and due < tx.now - IN_TIME:
        return f"{schedule.local(due, tx.now)} has passed and no clock has looked; `{program()} up` runs one."
    last = next(iter(tx.slots.of_schedule(office.brand, schedule.name, limit=1)), None)
    if last is not None and last.fate in _WRONG and last.at > tx.now - NEWS:
        return f"{schedule.local(last.slot, tx.now)}. {last.why}"
    return ""


def disk(looking: Looking) -> Found:
    """The disk with the workspace."""
    room = room_of(looking.office.settings.workspace_dir)
    if room.share >= (ENOUGH if (Rule.DISK, "workspace") in looking.raised else LOW):
        return []
    return [
        Finding(
            Rule.DISK,
            "workspace",
            what=f"{room.share:.0%} of the disk with {room.place} is left: {room}.",
            costs="When it is full nothing can be written down, and all work stops.",
            does="Nothing by itself: all that is there is the record and what the team wrote.",
            command=f"du -xh {quote(str(room.place))} | sort -h | tail",
        )
    ]


def questions(looking: Looking) -> Found:
    """Questions that have waited for over a day."""
    with looking.office.store.read() as tx:
        waiting = [
            question
            for question in tx.approvals.open(brand=looking.office.brand)
            if question.created_at <= tx.now - WAITED
        ]
    return [
        Finding(
            Rule.QUESTION,
            question.id,
            what=f"Question {question.id} of {question.goal} has waited for over a day: {_cut(question.question)}",
            costs=f"{question.task or question.goal} stands still until it is answered.",
            does=f"It waits until {question.due_at:%Y-%m-%d %H:%M} UTC; then {rule_of(question.about).unanswered}.",
            command=answered_by(question),
        )
        for question in waiting
    ]


def goals(looking: Looking) -> Found:
    """Goals that failed within a day."""
    with looking.office.store.read() as tx:
        failed = tx.goals.ended(looking.office.brand, tx.now - NEWS, None, GoalState.FAILED)
    return [
        Finding(
            Rule.GOAL,
            goal.id,
            what=f"{goal.id} has failed ({_cut(goal.text)}): {_cut(goal.reason or 'no reason is on record')}",
            costs="What it was to bring will not come; what it spent is spent.",
            does="Nothing more: what was approved of it is kept, and it stays as it is.",
            command=f"{program()} status {goal.id}",
        )
        for goal in failed
    ]


#: Those of the installation, told to the brand that is there from the beginning; the others are each brand's own.
OF_INSTALLATION: Final = frozenset({Rule.SERVICE, Rule.DISK, Rule.RESTARTING})

#: Each rule, but for those of rooms above, which are handed in.
RULES: Final[Mapping[Rule, Callable[[Looking], Found]]] = {
    Rule.STUCK: stuck,
    Rule.BUDGET: budget,
    Rule.SERVICE: service,
    Rule.SLOT: slots,
    Rule.DISK: disk,
    Rule.QUESTION: questions,
    Rule.GOAL: goals,
}


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return ", ".join(names[:3]) + more


def _of_goals(goals_waiting: set[str]) -> str:
    return f": {_some(sorted(goals_waiting, key=lambda ident: (len(ident), ident)))}" if goals_waiting else ""


def _cut(text: str) -> str:
    return shortened(" ".join(text.split()), _SHOWN)
