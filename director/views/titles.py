"""What people are told in place of ids: the title of a goal, of a task, of a specialist, and the words for their states."""

from collections.abc import Mapping
from typing import Final

from director.words.characters import shortened
from director.words.models import Approval, Goal, Task
from director.words.question import AboutDraft
from director.words.states import Answer, GoalState, TaskState, WaitFor
from pipelines.plan import DIRECTOR, StepKind, from_document

#: Characters of a goal that stand for all of it.
_LONGEST: Final = 110

#: Words in the names of skills that are no words.
_SHORT: Final = {"ab": "A/B", "cro": "CRO", "seo": "SEO"}

GOAL_STATES: Final[Mapping[GoalState, str]] = {
    GoalState.PLANNING: "being planned",
    GoalState.RUNNING: "at work",
    GoalState.WAITING: "waiting",
    GoalState.CONCLUDING: "writing its report",
    GoalState.COMPLETED: "finished",
    GoalState.PARTIAL: "finished in part",
    GoalState.FAILED: "failed",
    GoalState.CANCELLED: "cancelled",
}

TASK_STATES: Final[Mapping[TaskState, str]] = {
    TaskState.PLANNED: "later",
    TaskState.DRAFTING: "being written",
    TaskState.REVIEWING: "in review",
    TaskState.ESCALATED: "waits for a decision",
    TaskState.APPROVED: "approved",
    TaskState.FAILED: "not approved",
    TaskState.CANCELLED: "cancelled",
    TaskState.LEFT_OUT: "left out",
}

WAITS_FOR: Final[Mapping[WaitFor, str]] = {
    WaitFor.PERSON: "your answer",
    WaitFor.MONEY: "money",
    WaitFor.MODEL: "the model service",
    WaitFor.WORKER: "a worker that has what it needs",
    WaitFor.PAUSE: "somebody to resume it",
    WaitFor.HEALTH: "the team to be well",
}

ANSWERS: Final[Mapping[Answer, str]] = {
    Answer.APPROVE: "approved",
    Answer.REJECT: "rejected",
    Answer.REVISE: "sent back with a change",
    Answer.CANCEL: "the goal was stopped",
}


def goal_title(goal: Goal) -> str:
    """The goal in a line."""
    return shortened(" ".join(goal.text.split()), _LONGEST)


def skill_title(name: str) -> str:
    """A specialist as people say it: "SEO audit"."""
    if name == DIRECTOR:
        return "The Director"
    words = " ".join(_SHORT.get(word, word) for word in name.split("-"))
    return words[:1].upper() + words[1:]


def task_title(goal: Goal, task: Task, tasks: Mapping[str, Task] | None = None) -> str:
    """
    What the task hands over, by the titles of its pieces, else by who does it. *tasks* are the goal's by id, of which a review
    names the one it judges.
    """
    if task.kind is StepKind.REVIEW:
        judged = None if tasks is None or task.target is None else tasks.get(task.target)
        return "A second look" if judged is None else f"A second look at: {task_title(goal, judged)}"
    if goal.plan is not None:
        pieces = next((one.pieces for one in from_document(goal.plan).tasks if one.key == task.key), ())
        if pieces:
            return shortened(", ".join(pieces), _LONGEST)
    return "Report on how it went" if task.kind is StepKind.REPORT else skill_title(task.skill)


def asked(goal: Goal, question: Approval, tasks: Mapping[str, Task]) -> str:
    """What a question asks, in titles; *tasks* are the goal's by id."""
    task = tasks.get(question.task or "")
    if task is None or not isinstance(question.about, AboutDraft):
        return question.question
    return f"“{task_title(goal, task, tasks)}” by {skill_title(task.skill)} was not approved. {question.about.reason}"


def task_titles(goal: Goal, tasks: Mapping[str, Task]) -> dict[str, str]:
    """As `task_title`, of all of a goal's tasks, by id."""
    return {ident: task_title(goal, task, tasks) for ident, task in tasks.items()}
