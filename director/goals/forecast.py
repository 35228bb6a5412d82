"""What a plan will likely cost and take, as a range. A forecast informs; the caps are what holds."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from director.money.prices import Usage
from director.office import DIRECTOR, Office
from director.progress.roles import model_of, reviewing_model
from director.prompting import request as texts
from director.prompting.knowledge import knowledge
from pipelines.plan import Plan, PlannedTask, Size, StepKind, critical_path
from skills.loader import Skill

#: Bytes of English prose a token stands for, on the 5.x tokenizers: about 4 on older ones, which count 30 % fewer.
_BYTES_A_TOKEN: Final = 3

#: Tokens of output, few and many, thinking included. Guesses until the ledger knows better.
_DRAFT: Final = (2_000, 7_000)
_REVIEW: Final = (600, 2_500)
_CONCLUSION: Final = (600, 2_000)

#: Of the edits in the dear case; in the other nothing was found.
_MEND: Final = 1_500

#: Tokens of earlier work a task is shown for each one it needs.
_INPUT: Final = 2_500

#: Output tokens a second, for the likely time: few, many. Guesses as above.
_SPEED: Final = (80, 40)

#: How many revisions a careful reviewer asks for, per task, in the dear case.
_REVISIONS: Final = 1


@dataclass(frozen=True, slots=True)
class Forecast:
    """Nano-dollars and time, low and high."""

    low_nano: int
    high_nano: int
    low: timedelta
    high: timedelta


def of(office: Office, plan: Plan, context: str | None) -> Forecast:
    """The forecast for *plan*: its drafts, reviews, edits and conclusion at list prices; dear is a revision a task."""
    shared = (len(texts.text("house_rules")) + len(context or "")) // _BYTES_A_TOKEN
    costs = [0, 0]
    for case in (0, 1):
        rounds = 1 + case * _REVISIONS
        for task in plan.tasks:
            costs[case] += rounds * _task_cost(office, task, shared, case)
        everything = shared + _INPUT * len(plan.tasks)
        costs[case] += _cost(office, model_of(office, DIRECTOR), everything, _CONCLUSION[case])
    longest = _longest_chain(plan)
    seconds = [
        (longest * (_DRAFT[case] + _REVIEW[case]) * (1 + case * _REVISIONS) + _CONCLUSION[case]) / _SPEED[case]
        for case in (0, 1)
    ]
    return Forecast(costs[0], costs[1], timedelta(seconds=round(seconds[0])), timedelta(seconds=round(seconds[1])))


def _task_cost(office: Office, task: PlannedTask, shared: int, case: int) -> int:
    reviewing = reviewing_model(office)
    if task.kind is StepKind.REVIEW:
        by = model_of(office, task.skill) if task.skill == DIRECTOR or task.skill in office.skills else reviewing
        return _cost(office, by, shared + _INPUT, _REVIEW[case])
    if task.skill != DIRECTOR and task.skill not in office.skills:
        # A plan of a worker's that has skills which this process has not.
        return _cost(office, reviewing, 2 * shared + _INPUT * len(task.needs), _DRAFT[case] + _REVIEW[case])
    known = 0 if task.skill == DIRECTOR else _known(office.skills[task.skill], task)
    writing = _cost(office, model_of(office, task.skill), shared + known + _INPUT * len(task.needs), _DRAFT[case])
    read = shared + _DRAFT[case]
    return writing + _cost(office, reviewing, read, _REVIEW[case]) + case * _cost(office, reviewing, read, _MEND)


def _known(skill: Skill, task: PlannedTask) -> int:
    shown = knowledge(skill, about="\n".join([task.brief, *task.pieces]), is_note=task.size is Size.NOTE)
    return sum(len(block.text) for block in shown) // _BYTES_A_TOKEN


def _cost(office: Office, model: str, prompt: int, output: int) -> int:
    return office.prices.cost(model, Usage(input=prompt, output=output))


def _longest_chain(plan: Plan) -> int:
    tasks: Sequence[PlannedTask] = plan.tasks
    return len(critical_path(tasks, lambda _task: 1.0))
