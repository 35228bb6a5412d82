"""What an installation's figures are now, for whoever measures it: computed from the record and Redis, kept nowhere."""

import time
from collections.abc import Iterable
from datetime import datetime

from director.calls.caps import day_scope
from director.mailbox import restrictions
from director.mailbox.restrictions import month_scope, monthly_cap
from director.money import periods
from director.office import Office
from director.redis.bus import QUEUE
from director.store import tallies
from director.store.tallies import CallSums
from director.store.tx import Tx
from director.views.metric_families import (
    ANSWERS,
    BELLS,
    CACHE_SHARE,
    CALLS,
    CALLS_OPEN,
    CAP,
    COST,
    COST_LOST,
    GOALS,
    HEALTH,
    LEVEL,
    LOOK_AGE,
    OPERATION,
    QUESTIONS,
    QUESTIONS_OLDEST,
    READY,
    READY_OLDEST,
    RECORD_UP,
    REDIS_UP,
    RESERVED,
    REVISIONS,
    SCORE,
    SCRAPE,
    SPENT,
    TASKS,
    TOKENS,
    TURNS,
    TURNS_FINISHED,
    TURNS_OLDEST,
    WORKERS,
    Metrics,
)
from director.words.amounts import NANO
from director.words.errors import StoreError
from director.words.health import ComponentName, Health
from director.words.models import Account
from director.words.states import CallState, GoalState, Level, TurnState, is_final


def measure(office: Office, *, whole: bool = True) -> Metrics:
    """
    All figures as they are now, of all brands together; where it is not for who may see the *whole*, of the office's brand, and
    without those that are of no brand and tell of others' work. A record or a Redis that cannot be used is a figure itself, no
    error.
    """
    began = time.monotonic()
    found, brand = Metrics(), None if whole else office.brand
    queues = {QUEUE}
    try:
        with office.store.read() as tx:
            # Found whole or not at all: a dashboard that shows half of it is believed.
            from_record = Metrics()
            _work(tx, brand, from_record)
            _calls(tallies.calls(tx, brand), from_record)
            _budget(tx, office, brand, from_record)
            _health(tx, from_record)
            workers = [worker for worker in tx.presence.here() if worker.standing]
            for rehearsal in (False, True):
                count = sum(worker.reach.rehearsal is rehearsal for worker in workers)
                from_record.add(WORKERS, count, _money(rehearsal=rehearsal))
            queues |= {worker.queue for worker in workers if worker.queue}
    except StoreError:
        found.add(RECORD_UP, 0)
    else:
        found.samples.update(from_record.samples)
        found.add(RECORD_UP, 1)
    lengths = office.bus.lengths(sorted(queues))
    found.add(REDIS_UP, lengths is not None)
    for queue, length in (lengths or {}).items() if whole else ():
        found.add(BELLS, length, queue)
    found.add(SCRAPE, time.monotonic() - began)
    return found


def _work(tx: Tx, brand: str | None, found: Metrics) -> None:
    goals = tallies.goals(tx, brand)
    for state in GoalState:
        for rehearsal in (False, True):
            found.add(GOALS, goals.get((state, rehearsal), 0), state, _money(rehearsal=rehearsal))
    scores: dict[tuple[str, str], tuple[int, float]] = {}
    for sums in tallies.tasks(tx, brand):
        money = _money(rehearsal=sums.rehearsal)
        found.add(TASKS, sums.count, sums.state, sums.skill, money)
        scored, score = scores.get((sums.skill, money), (0, 0.0))
        scores[sums.skill, money] = (scored + sums.scored, score + sums.score)
    for (skill, money), (scored, score) in scores.items():
        if scored:
            found.add(SCORE, score / scored, skill, money)
    for (skill, rehearsal), count in tallies.revisions(tx, brand).items():
        found.add(REVISIONS, count, skill, _money(rehearsal=rehearsal))
    turns = tallies.turns(tx, brand)
    for stands in TurnState:
        found.add(TURNS_FINISHED if is_final(stands) else TURNS, turns.get(stands, 0), stands)
    for stands, oldest in tallies.oldest_open_turns(tx, brand).items():
        found.add(TURNS_OLDEST, _age(oldest, tx.now), stands)
    ready, questions = tallies.ready_turns(tx, brand), tallies.open_questions(tx, brand)
    found.add(READY, ready.count)
    found.add(READY_OLDEST, _age(ready.oldest, tx.now))
    found.add(QUESTIONS, questions.count)
    found.add(QUESTIONS_OLDEST, _age(questions.oldest, tx.now))


def _calls(sums: Iterable[CallSums], found: Metrics) -> None:
    settled: dict[tuple[str, str, str], list[CallSums]] = {}
    tokens: dict[str, tuple[int, int]] = {}
    for one in sums:
        of = (one.purpose, one.model, _money(rehearsal=one.rehearsal))
        if not is_final(one.state):
            found.add(CALLS_OPEN, one.count, one.state, *of)
            if one.state is CallState.LOST:
                found.add(COST_LOST, one.cost_nano / NANO, *of)
            continue
        found.add(CALLS, one.count, one.state, *of)
        settled.setdefault(of, []).append(one)
    for of, those in settled.items():
        of_kind = {
            "input": sum(one.input_tokens for one in those),
            "cache_write": sum(one.cache_write_tokens for one in those),
            "cache_read": sum(one.cache_read_tokens for one in those),
            "output": sum(one.output_tokens for one in those),
        }
        for kind, count in of_kind.items():
            found.add(TOKENS, count, kind, *of)
        found.add(COST, sum(one.cost_nano for one in those) / NANO, *of)
        found.add(ANSWERS, sum(one.seconds for one in those), *of)
        read, all_input = tokens.get(of[-1], (0, 0))
        given = of_kind["input"] + of_kind["cache_write"] + of_kind["cache_read"]
        tokens[of[-1]] = (read + of_kind["cache_read"], all_input + given)
    for money, (read, all_input) in tokens.items():
        if all_input:
            found.add(CACHE_SHARE, read / all_input, money)


def _budget(tx: Tx, office: Office, only: str | None, found: Metrics) -> None:
    day = periods.day_of(tx.now, office.settings.time_zone)
    for told in restrictions.of_all(tx, office):
        if only not in (None, told.brand):
            continue
        brand, money = tx.brands.get(told.brand), _money(rehearsal=told.rehearsal)
        found.add(LEVEL, list(Level).index(told.level), told.brand, money)
        of_month = tx.accounts.get(month_scope(told.brand, told.month), rehearsal=told.rehearsal)
        of_day = tx.accounts.get(day_scope(told.brand, day), rehearsal=told.rehearsal)
        _account(found, of_month, monthly_cap(office.settings, brand), told.brand, "month", money)
        _account(found, of_day, brand.daily_nano, told.brand, "day", money)


def _account(found: Metrics, account: Account, cap_nano: int | None, *labels: str) -> None:
    found.add(SPENT, account.spent_nano / NANO, *labels)
    found.add(RESERVED, account.reserved_nano / NANO, *labels)
    if cap_nano is not None:
        found.add(CAP, (cap_nano + account.added_nano) / NANO, *labels)


def _health(tx: Tx, found: Metrics) -> None:
    # As turns go out by it: a level that was found too long ago counts for nothing.
    found.add(OPERATION, tx.operation.level())
    components = tx.operation.components()
    for name in ComponentName:
        if name in components:
            found.add(HEALTH, list(Health).index(components[name].state), name)
    last = tx.operation.last()
    if last is not None and last.looked_at is not None:
        found.add(LOOK_AGE, _age(last.looked_at, tx.now))


def _money(*, rehearsal: bool) -> str:
    return "rehearsed" if rehearsal else "paid"


def _age(since: datetime | None, now: datetime) -> float:
    # Not below 0: a clock may have been set back since.
    return 0.0 if since is None else max((now - since).total_seconds(), 0.0)
