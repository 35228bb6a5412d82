"""The morning note: what was done, what was spent and what waits for a person, once a day, where something happened."""

from datetime import datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from director.files.places import report_path
from director.inbox.kinds import answered_by
from director.inbox.version import version_of_question
from director.mailbox import admission
from director.notices import channels
from director.office import Office
from director.store.ledger import Which
from director.store.tx import Tx
from director.upkeep import notify
from director.words.alert import News
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.models import Goal
from director.words.states import GoalState

#: Goals, and questions, that are named.
MOST: Final = 20

#: How late it still is a morning's note: a team that was not there begins with the next.
LATE: Final = timedelta(hours=12)

#: Characters of a goal's and a question's words.
_SHOWN: Final = 100

_ENDS: Final = (GoalState.COMPLETED, GoalState.PARTIAL, GoalState.FAILED)


def tell(office: Office, done: datetime | None = None) -> datetime | None:
    """
    Make the note of this morning, where its time has come, a channel is there and something happened. Returns up to when was
    looked; handed in as *done*, nothing is looked for again.

    It tells of the day up to its time, so whoever comes late makes the same one.
    """
    at, zone = office.settings.morning_note, office.settings.time_zone
    if at is None or not channels.channels(office.settings):
        return done
    now = office.clock()
    until = due(now, at, zone)
    if until == done or now - until > LATE:
        return done
    day = f"{until.astimezone(zone):%Y-%m-%d}"
    key = f"{News.MORNING} {office.brand} {day}"
    with office.store.read() as tx:
        made = tx.notices.is_made(key)
        data = None if made else told(tx, office, day, due(until - timedelta(hours=12), at, zone), until)
    if data is not None:
        with office.store.write() as tx:
            notify.announce(tx, office, News.MORNING, key, data)
        admission.ring(office)
    return until


def due(now: datetime, at: time, zone: ZoneInfo | None) -> datetime:
    """The last time up to *now* that it was *at*, where the brand is; None: where this machine is."""
    local = now.astimezone(zone)
    today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    last = today if today <= local else today - timedelta(days=1)
    return last.astimezone(now.tzinfo)


def told(tx: Tx, office: Office, day: str, since: datetime, until: datetime) -> dict[str, Any] | None:
    """What is told of that time; None where nothing happened."""
    done = tx.goals.ended(office.brand, since, until, *_ENDS)
    day_before = Which(office.brand, since=since, before=until)
    paid, rehearsed = (tx.ledger.total(day_before, rehearsal=kind).cost_nano for kind in (False, True))
    asked = [question for question in tx.approvals.open(brand=office.brand) if question.created_at <= until]
    if not (done or paid or rehearsed or asked):
        return None
    return {
        "day": day,
        "since": since.isoformat(),
        "until": until.isoformat(),
        "done": [_goal(office, goal) for goal in done[:MOST]],
        "more_done": max(0, len(done) - MOST),
        "spent": usd(paid),
        "rehearsed": usd(rehearsed) if rehearsed else "",
        "questions": [
            {
                "id": one.id,
                "goal": one.goal,
                "question": shortened(one.question, _SHOWN),
                "command": answered_by(one),
                "version": version_of_question(tx, one),
            }
            for one in asked[:MOST]
        ],
        "more_questions": max(0, len(asked) - MOST),
        "alerts": [alert.id for alert in tx.alerts.open(office.brand)][:MOST],
    }


def _goal(office: Office, goal: Goal) -> dict[str, Any]:
    has_report = goal.state is not GoalState.FAILED
    report = str(office.settings.workspace_dir / report_path(goal)) if has_report else None
    return {"goal": goal.id, "text": shortened(goal.text, _SHOWN), "state": goal.state, "report": report}
