"""A calibration is given: what is still to be judged, what that will cost, and a goal whose turns judge it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from director.calibration.judge import CALIBRATE, by_checks, request_for
from director.calibration.texts import Known, some, texts
from director.calls.caps import left_of_month, month_cap
from director.files.places import free_number
from director.mailbox import admission, turns
from director.money.periods import month_of
from director.money.prices import Usage, without_date
from director.office import REVIEWER, Office
from director.progress.advance import advance
from director.progress.roles import reviewing_model, skill_of
from director.prompting.request import likely_tokens
from director.prompting.reviewing import prompt_version
from director.store.tx import Tx
from director.tasks.known_error import CLEAN, KINDS
from director.words.amounts import usd
from director.words.command import program, with_brand
from director.words.errors import WrongCall
from director.words.models import CALIBRATION, Calibration, Goal
from director.words.states import Category, GoalState, Priority

#: Tokens of a review, thinking included, as a forecast takes it: those of the played examples have 700 to 1,400.
LIKELY_ANSWER = 1_500


@dataclass(frozen=True, slots=True)
class ToDo:
    """What a calibration is to do."""

    ask: tuple[Known, ...]  #: a call each
    known_before: int  #: texts that this model judged before under the same prompt
    certain: tuple[Calibration, ...]  #: what the certain checks send back, for nothing
    likely_nano: int
    most_nano: int  #: the goal's cap


def look(office: Office, *, kinds: Collection[str] = (), limit: int | None = None, shuffle: int | None = None) -> ToDo:
    """
    What is still to be judged of the texts of these *kinds*, or all; at most *limit* are put to the model. Makes nothing.

    Raises:
        WrongCall: there is no such kind.
    """
    for kind in kinds:
        if kind not in (*KINDS, CLEAN):
            raise WrongCall(f"--kinds names {kind!r}, which is none of {', '.join((*KINDS, CLEAN))}.")
    wanted = [known for known in texts() if not kinds or known.kind in kinds]
    rows = {known.name: by_checks(office, known) for known in wanted}
    to_ask = [known for known in wanted if rows[known.name] is None]
    chosen = some(to_ask, len(to_ask) if limit is None else limit, shuffle)
    there = _judged_before(office)
    requests = {known.name: request_for(office, known) for known in chosen}
    versions = {skill: prompt_version(skill_of(office, skill)) for skill in {known.skill for known in chosen}}
    ask = tuple(known for known in chosen if (versions[known.skill], requests[known.name].digest()) not in there)
    likely, most = 0, 0
    for known in ask:
        request = requests[known.name]
        prompt = request.most_prompt_tokens()
        likely += office.prices.cost(request.model, Usage(likely_tokens(prompt), LIKELY_ANSWER))
        most = max(most, office.prices.worst_case(request.model, prompt=prompt, output=request.max_tokens))
    # Of as many calls as are asked at once the worst case is set aside, and it is counted where they are interrupted.
    cap = 2 * likely + 2 * office.settings.max_parallel_agents * most
    return ToDo(ask, len(chosen) - len(ask), tuple(row for row in rows.values() if row is not None), likely, cap)


def see_that_it_fits(office: Office, todo: ToDo, *, rehearsal: bool) -> None:
    """
    See that the month has what it will likely cost: one that stops in its middle says little, and is paid for.

    Raises:
        WrongCall: the month has less left.
    """
    with office.store.read() as tx:
        _see_that_it_fits(tx, office, todo, rehearsal=rehearsal)


def _see_that_it_fits(tx: Tx, office: Office, todo: ToDo, *, rehearsal: bool) -> None:
    month = month_of(tx.now, office.settings.time_zone)
    left = left_of_month(tx, office, month, rehearsal=rehearsal)
    if left < todo.likely_nano:
        raise WrongCall(
            f"This calibration will likely cost {usd(todo.likely_nano)}, and {usd(max(0, left))} is left of the month {month}: "
            "put fewer texts to the model (--limit N, --kinds), let a month cost more "
            f"(`{program()} budget set USD{with_brand(office.brand)}`), or wait until it turns. Nothing was begun."
        )


def begin(office: Office, todo: ToDo, *, rehearsal: bool, here: bool = False) -> Goal:
    """
    Write down what the certain checks found, the goal that pays, and a turn for each text; ring.

    *here* as in `goals.submit.take`. A calibration of the brand that is not over goes on, and no second one is begun.

    Raises:
        WrongCall: the month has less left than this one will likely cost; nothing is begun.
    """
    with office.store.write() as tx:
        goal = tx.goals.calibrating(office.brand, rehearsal=rehearsal)
        if goal is None:
            _see_that_it_fits(tx, office, todo, rehearsal=rehearsal)
            month = month_of(tx.now, office.settings.time_zone)
            for row in todo.certain:
                tx.calibrations.put(row)
            goal = tx.goals.add(
                first=lambda: free_number(office.settings),
                brand=office.brand,
                text=f"Calibrate the reviewer on {len(todo.ask)} texts whose faults are known",
                category=Category.MEASUREMENT,
                priority=Priority.P2,
                cap_nano=min(todo.most_nano, month_cap(tx, office, month, rehearsal=rehearsal)),
                plan_by=CALIBRATION,
                pipeline=None,
                confirm=False,
                rehearsal=rehearsal,
                context_hash=None,
                day=tx.now.astimezone(office.settings.time_zone).date(),
            )
            goal = tx.goals.move(goal, GoalState.RUNNING, by=CALIBRATE)
            for known in todo.ask:
                turns.create(tx, goal, actor=REVIEWER, verb=CALIBRATE, subject=goal.id, version=known.name)
            advance(tx, goal.id, by=CALIBRATE)  # it may have to wait from the beginning
        if here:
            tx.presence.turn_to(office.owner, goal.id)
    if here:
        office.reach.only = goal.id
    admission.ring(office)
    return goal


def keep(office: Office, rows: Sequence[Calibration]) -> None:
    """Write down what came of texts for which no model was asked."""
    with office.store.write() as tx:
        for row in rows:
            tx.calibrations.put(row)


def _judged_before(office: Office) -> set[tuple[str, str]]:
    """The prompt and the request of all that was judged by this model."""
    with office.store.read() as tx:
        rows = tx.calibrations.of_model(without_date(reviewing_model(office)), rehearsal=office.claude.rehearses)
    return {(row.prompt, row.digest) for row in rows}
