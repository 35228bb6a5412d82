"""What several operations answer: a goal, its tasks and its money, a question."""

from datetime import datetime
from typing import Any

from pydantic import Field

from director.prompting.pieces import Use
from director.words.question import CapOf, Kind
from director.words.states import (
    Answer,
    ApprovalState,
    Category,
    GoalState,
    LearningState,
    Level,
    Priority,
    TaskState,
    WaitFor,
)
from pipelines.plan import StepKind
from web.api.operations import Document


class GoalLine(Document):
    """A goal by itself."""

    id: str
    text: str
    category: Category
    priority: Priority
    state: GoalState
    waits_for: WaitFor | None
    reason: str | None = Field(description="Why it waits or failed.")
    started_by: str | None = Field(description="The schedule or the event behind it; null where somebody gave it.")
    given_at: datetime
    finished_at: datetime | None
    report: str | None = Field(description="The report's file on the server, once it is written; its text: `…/report`.")
    rehearsal: bool = Field(description="Whether it is rehearsed by the built-in model, for nothing.")
    paused_at: datetime | None
    version: str = Field(description="For If-Match.")


class Piece(Document):
    """A piece of a deliverable; its text stands in the deliverable."""

    title: str
    file: str | None = Field(description="On the server.")
    other_files: list[str | None]


class TaskLine(Document):
    """A task."""

    id: str
    skill: str
    kind: StepKind
    state: TaskState
    revision: int
    score: float | None
    cost_usd: float
    deliverable: str | None = Field(description="The file on the server; its text: `/tasks/{task}/deliverable`.")
    pieces: list[Piece]
    rests_on_earlier: list[str] = Field(description="The tasks of which it was given a version that was changed since.")
    version: str = Field(description="Of its text; for If-Match.")


class UsedPiece(Document):
    """What a person uses of a text, alone."""

    title: str
    use: Use = Field(description="Copied from a screen, printed, or filled in.")
    markdown: str
    html: str


class Version(Document):
    """A version of a task's text."""

    revision: int
    score: float | None
    rehearsed: bool
    cut_off: bool
    written_at: datetime
    characters: int
    counts: bool = Field(description="Whether it is the one that is approved.")


class Text(Version):
    """A version with its text, as it was written, and as HTML in which nothing runs."""

    task: str
    markdown: str = Field(description="All of it, as it was written: what can be changed and sent back.")
    html: str
    pieces: list[UsedPiece] = Field(description="What is used of it; none: all of it is.")
    notes: str = Field(description="What stands behind the pieces.")


class Deliverable(Text):
    """The approved version of a task."""

    skill: str
    version: str = Field(description="For If-Match.")


class GoalCost(Document):
    """What a goal cost so far; of it rehearsed, what it would have cost."""

    spent_usd: float
    rehearsed_usd: float
    without_cache_usd: float
    cap_usd: float
    spent_nano: int = Field(description="The same exactly, in billionths of a dollar.")
    cap_nano: int


class GoalForecast(Document):
    """What a plan was forecast to cost."""

    low_usd: float
    likely_usd: float
    high_usd: float
    from_goals: int


class PlanForecast(GoalForecast):
    """The same, and how long it will likely take."""

    low_seconds: float
    high_seconds: float


class Tokens(Document):
    """Tokens of all of a goal's calls."""

    input: int
    output: int
    cache_write: int
    cache_read: int


class Question(Document):
    """A question to a person."""

    id: str
    goal: str
    task: str | None
    kind: Kind
    question: str
    state: ApprovalState
    answer: Answer | None
    due_at: datetime
    if_unanswered: str


class Raised(Document):
    """A cap that a yes raises."""

    of: CapOf = Field(description="`month` and `day` are of all of the brand's work: such a yes needs the role admin.")
    to_usd: float | None = Field(description="What it becomes at most; null: as much as what waits needs.")


class ListedQuestion(Question):
    """A question with what is needed to answer it."""

    answers: list[Answer] = Field(description="What can be said to it.")
    asked_at: datetime
    answered_at: datetime | None
    said: str | None = Field(description="The words of whoever answered.")
    raises: list[Raised] = Field(description="What a yes raises.")
    version: str = Field(description="For If-Match.")


class Goal(Document):
    """A goal with its tasks, its money and its open questions."""

    goal: GoalLine
    plan: str | None
    tasks: list[TaskLine]
    cost: GoalCost
    forecast: GoalForecast | None
    calls: int
    tokens: Tokens
    seconds: float
    model: str
    approvals: list[Question]


class Learning(Document):
    """A sentence of what to do."""

    id: str
    skill: str
    text: str
    state: LearningState
    why: str
    learned_from: str
    result: str | None
    category: Category | None
    confidence: float
    evidence: list[str]
    rehearsal: bool | None
    created_at: datetime
    version: str = Field(description="For If-Match.")


class LeftOut(Document):
    """A skill or a pipeline that is not used."""

    name: str
    reason: str


class Broken(Document):
    """A file that cannot be used."""

    file: str
    reason: str


class Account(Document):
    """What is spent of a cap."""

    spent_usd: float
    reserved_usd: float
    cap_usd: float | None
    spent_nano: int
    reserved_nano: int
    cap_nano: int | None


class Held(Document):
    """A goal that waits for money, or to be resumed."""

    goal: str
    priority: Priority
    waits_for: WaitFor
    reason: str | None


class Money(Document):
    """Paid or rehearsed money."""

    level: Level
    month: Account
    day: Account
    held: list[Held]
    why: str | None
    until: datetime | None


#: A document somebody else's words made: its fields are theirs.
AnyDocument = dict[str, Any]
