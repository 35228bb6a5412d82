"""The rows of the record as frozen values. Times are aware UTC, money is integer nano-dollars (a billionth of a dollar)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from director.words.alert import Channel, News, Rule
from director.words.health import ComponentName, Health, Operation
from director.words.learning import LearnedFrom, Result
from director.words.limits import Left
from director.words.question import About, Kind
from director.words.states import (
    Answer,
    ApprovalState,
    CallState,
    Category,
    ChangeKind,
    GoalState,
    HeldWhy,
    LearningState,
    Level,
    Outcome,
    Priority,
    SlotFate,
    TaskState,
    TurnState,
    WaitFor,
)
from director.words.tokens import Role, TokenKind
from pipelines.plan import StepKind

#: What stands in `Goal.plan_by` where there is no plan.
CALIBRATION: Final = "calibration"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a person, a schedule or an event asked for."""

    id: str
    brand: str
    text: str
    category: Category
    priority: Priority
    state: GoalState
    cap_nano: int
    given_nano: int  #: the cap as the goal was given; what people added since is in `cap_nano` only
    plan_by: (
        str  #: "claude" or "template"; "calibration" of one that judges texts whose faults are known, and has no plan
    )
    pipeline: str | None  #: the name of the pipeline that was asked for, if one was
    confirm: bool  #: whether a person has to agree to the plan before it runs
    rehearsal: bool  #: whether the built-in model does it, for nothing; a person can change it
    context_hash: str | None  #: the brand's product context as it was when the goal was given
    day: date  #: on which it was given, where its brand is
    plan: dict[str, Any] | None
    forecast: dict[str, int] | None  #: what the plan was forecast to cost before it was begun
    wait_for: WaitFor | None
    reason: str | None  #: why it waits or failed
    wait_until: datetime | None
    paused_at: datetime | None  #: since when a person, or a brake, keeps it from going on
    extended: int  #: how often a person let it go on beyond its ceilings
    summary: dict[str, Any] | None
    concluded: int  #: the latest change people had asked for when `summary` was written; 0: none
    created_at: datetime
    finished_at: datetime | None
    reopened_at: datetime | None  #: since when it is at work again after its end, for a change a person asked for
    receipt_hash: str | None  #: of its last receipt

    @property
    def is_calibration(self) -> bool:
        """Whether it has no plan and no tasks: its turns judge texts whose faults are known."""
        return self.plan_by == CALIBRATION


@dataclass(frozen=True, slots=True)
class Task:
    """One specialist's piece of work in a plan."""

    id: str
    brand: str
    goal: str
    key: str  #: its name within the plan
    position: int  #: its place in the plan, from 1
    skill: str
    kind: StepKind
    brief: str
    target: str | None  #: for a review: the task whose deliverable it judges
    state: TaskState
    revision: int  #: the number of its latest version, or of the one being written; 0 is the first draft
    score: float | None  #: of the draft that counts
    notes: str | None  #: what the current revision has, or had, to change
    basis: int | None  #: the draft those notes are about
    record_hash: str | None  #: for a report: what the record said when it was begun
    deliverable: int | None  #: the approved draft
    path: str | None  #: of the deliverable, relative to the workspace
    created_at: datetime
    plan_hash: str | None = None  #: the plan its current revision was begun with, where that was changed since


@dataclass(frozen=True, slots=True)
class Draft:
    """One version of a task's result."""

    id: int
    task: str
    revision: int
    text_hash: str
    cut_off: bool
    score: float | None
    inputs: dict[str, int] | None  #: of each task it builds on, the draft it was given; None: an earlier Troupe's
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """What a person asks of an approved deliverable, or makes of it."""

    id: int
    brand: str
    goal: str
    task: str
    kind: ChangeKind
    draft: int  #: the version it is about, which stands until another is approved
    revision: int  #: the task's when it was asked for: what comes of it has a higher one
    words: str  #: what was asked for, or the hash of the text that takes its place
    because: str | None  #: the task whose change made another look necessary
    key: str
    by: str
    created_at: datetime
    given_up_at: datetime | None  #: when the version it is about was kept instead


@dataclass(frozen=True, slots=True)
class Review:
    """What was found about one draft."""

    id: int
    task: str
    draft: int
    by: str
    verdict: str
    score: float | None
    document: dict[str, Any]  #: scores, findings and notes as they were answered
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Need:
    """What a turn that is held for money waits for: a call's worst case, and the account it has to fit under."""

    scope: str
    rehearsal: bool
    worst_nano: int


@dataclass(frozen=True, slots=True)
class Claim:
    """
    One claim of a turn. What a process works on, renews and has on the wire is kept by this and not by the turn: a process
    that lost a turn can claim it again while its first holder is still at work.
    """

    turn: int
    epoch: int


@dataclass(frozen=True, slots=True)
class Turn:
    """One message to one actor: what the mailbox is made of."""

    id: int
    brand: str
    goal: str | None  #: None for work that is no goal's: its subject says what it is about
    actor: str
    verb: str
    subject: str  #: the goal's or the task's id, or what the verb is about
    key: str
    priority: Priority
    state: TurnState
    not_before: datetime
    attempts: int  #: crashes and failures that asking again could cure
    crashes: int  #: those of them that took their process along
    waits: int  #: times in a row it was put back to wait; sets the next wait's length
    epoch: int  #: how often it was claimed; a holder of an older epoch cannot write
    owner: str | None
    lease_until: datetime | None
    due_at: datetime | None
    error: str | None
    held_why: HeldWhy | None
    held_for: Need | None  #: what a turn held for money needs
    created_at: datetime

    @property
    def claim(self) -> Claim:
        """The claim this turn was read with."""
        return Claim(self.id, self.epoch)


@dataclass(frozen=True, slots=True)
class Call:
    """One request to the Messages API, and its money."""

    id: int
    brand: str
    goal: str
    task: str | None
    turn: int
    epoch: int
    key: str
    purpose: str
    model: str  #: which was asked
    served: str | None  #: which answered, where it was another
    rehearsal: bool
    state: CallState
    month: str
    day: str | None  #: the account of the day it is counted in; None: of a Troupe that counted no days
    reserved_nano: int
    cost_nano: int
    input_tokens: int
    output_tokens: int
    cache_write_tokens: int  #: all that was written to the cache
    cache_write_1h_tokens: int  #: of that what is kept for an hour
    cache_read_tokens: int
    request_id: str | None
    stop_reason: str | None
    answer_hash: str | None
    parts_hash: str | None  #: of what its prompt was made; None where an earlier Troupe asked
    error: str | None
    seconds: float | None
    created_at: datetime
    due_at: datetime | None

    @property
    def answered_by(self) -> str:
        """The model whose words and whose price they are: what people are shown."""
        return self.served or self.model


@dataclass(frozen=True, slots=True)
class PastCall:
    """An answered call of a goal that is over, as a forecast needs it."""

    goal: str
    task: str | None
    skill: str | None  #: of its task: who wrote, or, in a review that is a step of the plan, who judged
    kind: StepKind | None  #: of its task
    purpose: str
    model: str
    context_length: int  #: characters of the product context that its goal was given with
    input_tokens: int
    cache_write_tokens: int
    cache_read_tokens: int
    output_tokens: int


@dataclass(frozen=True, slots=True)
class Approval:
    """A question that only a person may answer."""

    id: str
    brand: str
    goal: str
    task: str | None
    kind: Kind
    key: str
    question: str
    about: About  #: what the answer's consequence has to know
    state: ApprovalState
    answer: Answer | None
    said: str | None
    due_at: datetime
    created_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class ReceiptRow:
    """A receipt's row, its moment as the database writes it; nothing says yet that its document fits."""

    goal: str
    number: int  #: its place in the goal's chain, from 1
    task: str | None  #: None: of the goal's end
    text_hash: str | None  #: of the deliverable
    hash: str  #: of its document
    created_at: str


@dataclass(frozen=True, slots=True)
class Account:
    """What is spent under a cap, what is set aside, and what people added to it."""

    scope: str
    rehearsal: bool
    added_nano: int = 0
    spent_nano: int = 0
    reserved_nano: int = 0

    def left_nano(self, cap_nano: int) -> int:
        """What can still be reserved under *cap_nano*; less than nothing when a cap was lowered."""
        return cap_nano + self.added_nano - self.spent_nano - self.reserved_nano


@dataclass(frozen=True, slots=True)
class Brand:
    """What people said of a brand."""

    name: str
    monthly_nano: int | None = None  #: its cap a month; None: what the settings say
    daily_nano: int | None = None  #: its cap a day; None: none of its own
    paused_at: datetime | None = None
    refusals: int = 0  #: calls in a row that did not fit under a cap


@dataclass(frozen=True, slots=True)
class Restriction:
    """What keeps turns of a brand from going out, as the goals that wait for it were told."""

    brand: str
    rehearsal: bool  #: of which of the brand's goals
    month: str
    level: Level
    lowest: Priority | None  #: the least urgent that go on; None: none does
    wait_for: WaitFor | None  #: of those that do not; None: all go on
    reason: str
    until: datetime | None  #: when it ends by itself
    since: datetime  #: when the level was reached
    named: bool = True  #: whether the goals were told

    def keeps_back(self, priority: Priority) -> bool:
        """Whether goals of this priority wait."""
        return self.lowest is None or priority > self.lowest


@dataclass(frozen=True, slots=True)
class Component:
    """A service that work depends on."""

    name: str
    failures: int  #: in a row
    good: int  #: answers since the last failure, counted while it matters
    reason: str  #: what went wrong last
    offline_since: datetime | None
    look_at: datetime | None  #: when somebody looks whether it is back


@dataclass(frozen=True, slots=True)
class Limit:
    """What a model service lets out of a family of models, where that is less than usual."""

    service: str
    family: str  #: the models that share the service's limits, as `claude.limits.family` names them
    said_at: datetime  #: when `left` was so
    told_at: datetime | None = None  #: when it said to wait
    wait_until: datetime | None = None
    reason: str = ""  #: why
    slots: int | None = None  #: how many turns may be out; None: as many as usual
    steady: int | None = None  #: up to so many each good answer lets one more out, beyond that fewer
    good: int = 0  #: answers since `slots` changed, counted while it matters
    left: tuple[Left, ...] = ()  #: those of its limits of which little is left


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One thing that happened."""

    id: int
    goal: str | None
    subject: str
    what: str
    detail: str | None
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody tells of something that happened, before it is an event."""

    source: str
    delivery: str  #: the source's own number for it
    type: str
    data: Any
    said_at: datetime | None = None
    goal: str | None = None  #: what happened inside: the goal it happened to


@dataclass(frozen=True, slots=True)
class Event:
    """What came in, from outside or inside, and may start work."""

    id: str  #: e1, e2, …
    brand: str
    source: str  #: who says so: "events" for our own envelope, a source's name, "cli", "team"
    delivery: str  #: the source's own number for it; a second one with the same is a copy
    type: str
    said_at: datetime | None  #: when it happened, as its source says
    data: Any  #: as it came: text from outside
    goal: str | None  #: what happened inside: the goal it happened to
    created_at: datetime
    looked_at: datetime | None  #: when the triggers were looked through; None: not yet


@dataclass(frozen=True, slots=True)
class EventOutcome:
    """What became of an event at one trigger."""

    event: str
    trigger: str
    what: Outcome
    why: str  #: a sentence
    goal: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """What the record knows of a schedule; what it does stands in its file."""

    brand: str
    name: str
    enabled: bool | None  #: what a person said; None: what its file says
    looked_until: datetime  #: every slot up to then has its fate
    next_at: datetime | None  #: the first one after that; None: it was off, or nobody has looked yet


@dataclass(frozen=True, slots=True)
class Slot:
    """One due time of a schedule, or the moment a person ran it, and what became of it."""

    brand: str
    schedule: str
    slot: datetime
    fate: SlotFate
    why: str  #: a sentence
    goal: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class ComponentHealth:
    """How something that work rests on was when it was looked at."""

    name: ComponentName
    state: Health
    reason: str  #: a sentence without its full stop; of what is healthy, what it was seen by
    since: datetime


@dataclass(frozen=True, slots=True)
class LastLook:
    """What the last look left: how far the work goes on, and what the next look counts on from."""

    level: Operation
    since: datetime
    good: int  #: looks in a row by which the level could be one better
    began_at: datetime  #: since when looks follow each other without a gap
    looked_at: datetime | None  #: None: nobody looked yet
    looked_by: str | None
    ticked_at: datetime | None  #: when the clock's last tick was heard


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that was found wrong, until it is over."""

    id: str  #: al1, al2, …
    brand: str
    rule: Rule
    subject: str
    grade: int
    what: str
    costs: str
    does: str
    command: str
    raised_at: datetime
    resolved_at: datetime | None


@dataclass(frozen=True, slots=True)
class Notice:
    """What people are told on every channel: an alert, its end, a morning's note."""

    id: str  #: n1, n2, …
    brand: str
    news: News
    key: str  #: what it is for: the same cause gives the same, and makes one notice
    reference: str  #: what receivers know it by, at every try
    data: dict[str, Any]  #: what it says; its news says which fields
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Delivery:
    """A notice on its way to one channel."""

    id: int
    notice: str
    channel: Channel
    problem: str | None  #: why it was given up
    delivered_at: datetime | None
    given_up_at: datetime | None


@dataclass(frozen=True, slots=True)
class Learning:
    """One sentence of what to do, found out at work or said by a person."""

    id: str  #: m1, m2, …
    brand: str
    rehearsal: (
        bool | None
    )  #: of which of the brand's goals it was learned, and which are shown it; None: a person's, for both
    skill: str  #: whose it is; the Director's is every specialist's too
    category: Category | None  #: of the goal it was learned in; None: of no single one
    text: str
    learned_from: LearnedFrom
    result: Result | None  #: how it went where it was learned; None: a person's word, of no piece of work
    confidence: float  #: 0 to 1, by who said it and how often
    state: LearningState
    why: str  #: why it is in that state
    evidence: tuple[str, ...]  #: ids of goals, tasks, reviews and approvals it was learned from
    created_at: datetime
    said_at: datetime  #: since when it is in these words


@dataclass(frozen=True, slots=True)
class Recalled:
    """Which learnings a task, or the Director's plan, is shown: chosen once, and the same for every version."""

    subject: str  #: the task's id, or the goal's for its plan
    brand: str
    goal: str
    skill: str
    rehearsal: bool
    held_out: bool  #: whether it does without, to see what learnings are worth
    text: str  #: as it stands in the prompt; empty: nothing does
    shown: tuple[str, ...] = ()  #: ids
    left_out: tuple[str, ...] = ()  #: ids of those that fit and were left out, to see what they are worth


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of one text whose fault is known."""

    text: str  #: its skill and which of the skill's texts it is, "cold-email/invented-figure"
    model: str  #: which judged, without a date
    rehearsal: bool
    prompt: str  #: of what the review prompt of its skill was made, as a hash
    digest: str  #: of the request it was judged by
    skill: str
    kind: str  #: of its fault, as `tasks/known_error.KINDS` has them; "clean" where there is none
    sent_back: bool  #: whether the verdict was another than to approve it
    document: dict[str, Any]  #: as a review's: scores and findings, or what the certain checks said
    goal: str | None  #: which paid for it; None where no call was needed
    at: datetime

    @property
    def by_checks(self) -> bool:
        """Whether the certain checks decided, and no model was asked."""
        return "certain" in self.document


@dataclass(frozen=True, slots=True)
class Answered:
    """A draft that a reviewer judged and a person answered about."""

    task: str
    skill: str
    draft: int
    reviewer: str  #: the reviewer's verdict
    by_checks: bool  #: whether the certain checks decided it
    person: str  #: what the person made of it, in the same words
    rehearsal: bool  #: of the goal it was written for
    at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """By what somebody comes in over HTTP. Its secret is kept nowhere."""

    id: str  #: k1, k2, …
    brand: str
    kind: TokenKind
    name: str  #: whose it is; it stands in the journal of what they do
    role: Role
    created_at: datetime
    expires_at: datetime | None  #: None: it is good until it is revoked
    used_at: datetime | None  #: last; written in groups, so a little late
    revoked_at: datetime | None  #: of a link: also when it was used


@dataclass(frozen=True, slots=True)
class TokenUse:
    """What somebody did with a token, from where, and what they were answered."""

    token: str
    at: datetime  #: of several reads of the same within an hour: that hour; of refusals within a minute: that minute
    address: str
    method: str
    path: str
    status: int
    times: int
    last_at: datetime
