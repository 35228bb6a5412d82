"""The reviewer's turn about one text whose fault is known: judged as any draft is, and what came of it kept."""

from dataclasses import replace

from director.calibration.texts import Known, find
from director.calls.ask import ask_for
from director.mailbox import turns
from director.mailbox.turns import Held
from director.money.prices import without_date
from director.office import REVIEWER, Office
from director.progress.advance import advance, fail_goal, go_on
from director.progress.open_facts import listed, open_facts, sources_of
from director.progress.roles import reviewing_model, skill_of
from director.prompting import reviewing
from director.prompting.forms import ReviewForm
from director.prompting.request import Request
from director.prompting.situation import Situation
from director.store.tx import Tx
from director.tasks import checks
from director.tasks.verdicts import Approve, decide
from director.words.errors import ModelRefused, ModelUnreadable
from director.words.models import Calibration, Call, Goal, Turn
from director.words.question import AboutFailure
from director.words.states import CallState, GoalState, TurnState

#: The verb of these turns.
CALIBRATE = "calibrate"

#: What the ledger says these calls are for.
PURPOSE = "calibrate"


def calibrate(office: Office, held: Held) -> None:
    """
    Have the reviewer judge a text, which the turn's key names, and keep what came of it. The last turn completes the goal,
    unless a person is asked whether another that failed is tried again.

    An answer that cannot be read, or declines, says nothing of the reviewer's eye: it is not judged then. Where the key or
    the request is refused no other text would be judged either: the goal fails, and the next calibration does the rest.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.subject)
        known = find(_name(tx, held.turn))
    go_on(office, goal, by=REVIEWER)
    row, why = None, "there is no such text any more"
    if known is not None:
        try:
            row = _judged(office, held, known)
        except (ModelUnreadable, ModelRefused) as problem:
            why = str(problem)
            if isinstance(problem, ModelRefused) and not _answers(office, held):
                with office.store.write() as tx:
                    tx.goals.get(goal.id, lock=True)
                    turns.check(tx, held)
                    fail_goal(tx, goal.id, why, by=REVIEWER)
                return
    with office.store.write() as tx:
        goal = tx.goals.get(goal.id, lock=True)
        turns.finish(tx, held)
        # Whoever answers in the model's place may read along: neither which text it was nor what became of it.
        done = _done(tx, goal)
        if row is None:
            tx.note(goal.id, goal.id, "not judged", by=REVIEWER, detail=f"{done}: {why}")
        else:
            tx.calibrations.put(replace(row, at=tx.now))
            tx.note(goal.id, goal.id, "judged", by=REVIEWER, detail=done)
        if tx.turns.open_of_goal(goal.id) or tx.approvals.open(goal.id):
            advance(tx, goal.id, by=REVIEWER)
        else:
            tx.goals.move(goal, GoalState.COMPLETED, by=REVIEWER)


def request_for(office: Office, known: Known) -> Request:
    """What the reviewer is asked about it: what it would be asked about any draft. Nothing in it tells what was planted."""
    skill, written = skill_of(office, known.skill), known.written
    sources = sources_of(context=written.context, goal=written.goal, brief=written.task.brief, skill=skill)
    request = reviewing.review(
        skill=skill,
        task=written.task,
        model=reviewing_model(office),
        goal=written.goal,
        brief=written.task.brief,
        context=written.context,
        situation=Situation(written.day, (written.task,)),
        deliverable=known.text,
        revision=0,
        open_facts=listed(open_facts(known.text, sources)),
    )
    return replace(request, purpose=PURPOSE)


def by_checks(office: Office, known: Known) -> Calibration | None:
    """What came of a text that the certain checks send back, for which no model is asked; None of any other."""
    faults = checks.faults(known.text, skill_of(office, known.skill), known.written.task, cut_off=False)
    if not faults:
        return None
    return _row(office, known, request_for(office, known), {"certain": list(faults)}, sent_back=True)


def _judged(office: Office, held: Held, known: Known) -> Calibration:
    skill, request = skill_of(office, known.skill), request_for(office, known)
    found = ask_for(office, held, request, ReviewForm, about="The review of a text")
    # As it is in the rubric: that a dimension does not count follows from this, and must not change it.
    verdict = decide(found, skill.rubric)
    row = _row(office, known, request, found.model_dump(), sent_back=not isinstance(verdict, Approve))
    # At a month's last money another one is asked.
    return replace(row, goal=held.turn.subject, model=without_date(_answers(office, held)[-1].answered_by))


def _answers(office: Office, held: Held) -> list[Call]:
    """The turn's calls that were answered, oldest first."""
    with office.store.read() as tx:
        calls = tx.calls.of_goal(held.turn.subject)
    return [call for call in calls if call.turn == held.turn.id and call.state is CallState.ANSWERED]


def _row(
    office: Office, known: Known, request: Request, document: dict[str, object], *, sent_back: bool
) -> Calibration:
    return Calibration(
        text=known.name,
        model=without_date(request.model),
        rehearsal=office.claude.rehearses,
        prompt=reviewing.prompt_version(skill_of(office, known.skill)),
        digest=request.digest(),
        skill=known.skill,
        kind=known.kind,
        sent_back=sent_back,
        document=document,
        goal=None,
        at=office.clock(),
    )


def _done(tx: Tx, goal: Goal) -> str:
    """How many texts were looked at, of how many; one that is tried again is one text."""
    of_goal = tx.turns.of_goal(goal.id)
    done = sum(turn.state is TurnState.DONE for turn in of_goal)
    return f"{done} of {len({_name(tx, turn) for turn in of_goal})}"


def _name(tx: Tx, turn: Turn) -> str:
    """The text's name, as `begin` put it into the turn's key; a turn that a person let be tried again is for the same text."""
    name = turn.key.split(":", 2)[2]
    while name.startswith("again-"):
        about = tx.approvals.get(name.removeprefix("again-")).about
        assert isinstance(about, AboutFailure)  # noqa: S101 - only such questions make such turns
        name = tx.turns.get(about.turn).key.split(":", 2)[2]
    return name
