"""The tables. A change here needs a migration beside it; a test compares the two."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from director.words.alert import Channel, News, Rule
from director.words.health import ComponentName, Health
from director.words.learning import LearnedFrom, Result
from director.words.question import Kind
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


class Moment(TypeDecorator[datetime]):
    """An aware UTC time. On SQLite: ISO text of fixed width, which sorts as time does and can be read by eye."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """A real timestamp where the database has one."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Refuses naive times."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone came to the store: {value}")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """Always aware, always UTC."""
        if value is None:
            return None
        if dialect.name == "postgresql":
            return value.astimezone(UTC)  # type: ignore[no-any-return]  # the driver gives a datetime
        return datetime.fromisoformat(value)


class Word(TypeDecorator[StrEnum]):
    """A word of one of our vocabularies, kept as text."""

    impl = String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - the signature is SQLAlchemy's
        """Refuses a word of another vocabulary."""
        return None if value is None else self.words(value).value

    def process_result_value(self, value: Any, dialect: Dialect) -> StrEnum | None:  # noqa: ARG002 - as above
        """The word again."""
        return None if value is None else self.words(value)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _where(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over some rows only, on either database."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


def among(column: Column[Any], *words: StrEnum) -> ColumnElement[bool]:
    """
    Whether *column* is one of *words*, spelled out in the statement and in their order: a partial index is used only where the
    database can read its condition, and a bound parameter it cannot read.
    """
    return column.in_([literal_column(f"'{word}'") for word in words])


_ID = BigInteger().with_variant(Integer(), "sqlite")  # SQLite counts up only plain INTEGER keys

#: The last number given out for each kind of name (g1, a1, …).
counters = Table(
    "counters",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("value", BigInteger, nullable=False),
)

#: Long texts, once each, by the SHA-256 of their UTF-8 bytes.
texts = Table(
    "texts",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("text", Text, nullable=False),
)

goals = Table(
    "goals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("category", Word(Category), nullable=False),
    Column("priority", Word(Priority), nullable=False),
    Column("state", Word(GoalState), nullable=False, index=True),
    Column("cap_nano", BigInteger, nullable=False),
    Column("given_nano", BigInteger, nullable=False, server_default=text("0")),
    Column("plan_by", String(16), nullable=False),
    Column("pipeline", String(128)),
    Column("confirm", Boolean, nullable=False),
    Column("rehearsal", Boolean, nullable=False, server_default=text("false")),
    Column("context_hash", ForeignKey("texts.hash")),
    Column("day", Date),
    Column("plan", JSON(none_as_null=True)),
    Column("forecast", JSON(none_as_null=True)),
    Column("wait_for", Word(WaitFor)),
    Column("reason", Text),
    Column("wait_until", Moment),
    # Since when a person, or a brake, keeps it from going on; what was on the wire is finished.
    Column("paused_at", Moment),
    # How often a person let it go on beyond its ceilings.
    Column("extended", Integer, nullable=False, server_default=text("0")),
    Column("summary", JSON(none_as_null=True)),
    # The latest change people had asked for when that was written; 0: none.
    Column("concluded", BigInteger, nullable=False, server_default=text("0")),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment, index=True),
    # Since when it is at work again after its end, for a change that a person asked for.
    Column("reopened_at", Moment),
    # Of its last receipt, without which a last one that was taken away would not be missed.
    Column("receipt_hash", String(64)),
)

tasks = Table(
    "tasks",
    metadata,
    Column("id", String(48), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id"), nullable=False),
    Column("key", String(128), nullable=False),
    Column("position", Integer, nullable=False),
    Column("skill", String(64), nullable=False),
    Column("kind", Word(StepKind), nullable=False),
    Column("brief", Text, nullable=False),
    Column("target", ForeignKey("tasks.id")),
    Column("state", Word(TaskState), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("score", Float),
    Column("notes", Text),
    Column("basis", BigInteger),
    Column("record_hash", ForeignKey("texts.hash")),
    Column("deliverable", BigInteger),
    Column("path", Text),
    Column("created_at", Moment, nullable=False),
    # The plan as it was when the current revision was begun, where it was changed since.
    Column("plan_hash", ForeignKey("texts.hash")),
    UniqueConstraint("goal", "key"),
    UniqueConstraint("goal", "position"),
)

#: The order between tasks: `task` starts after `needs` is approved.
edges = Table(
    "edges",
    metadata,
    Column("task", ForeignKey("tasks.id"), primary_key=True),
    Column("needs", ForeignKey("tasks.id"), primary_key=True),
    Index(None, "needs"),
)

drafts = Table(
    "drafts",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("text_hash", ForeignKey("texts.hash"), nullable=False),
    Column("cut_off", Boolean, nullable=False),
    Column("score", Float),
    # Of each task it builds on, which draft it was given.
    Column("inputs", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    # One draft a revision, however often its turn was run.
    UniqueConstraint("task", "revision"),
)

reviews = Table(
    "reviews",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("task", ForeignKey("tasks.id"), nullable=False, index=True),
    Column("draft", ForeignKey("drafts.id"), nullable=False),
    Column("by", String(64), nullable=False),
    Column("verdict", String(16), nullable=False),
    Column("score", Float),
    Column("document", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    UniqueConstraint("draft", "by"),
)

#: What people ask of approved deliverables, or make of them.
changes = Table(
    "changes",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id"), nullable=False, index=True),
    Column("task", ForeignKey("tasks.id"), nullable=False),
    Column("kind", Word(ChangeKind), nullable=False),
    Column("draft", BigInteger, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("words", Text, nullable=False),
    Column("because", String(48)),
    # Asked once for a version and these words.
    Column("key", String(160), nullable=False, unique=True),
    Column("by", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("given_up_at", Moment),
)

turns = Table(
    "turns",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id")),
    Column("actor", String(64), nullable=False),
    Column("verb", String(16), nullable=False),
    Column("subject", String(48), nullable=False),
    # The same cause makes the same turn once.
    Column("key", String(160), nullable=False, unique=True),
    Column("priority", Word(Priority), nullable=False),
    Column("state", Word(TurnState), nullable=False),
    Column("not_before", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("crashes", Integer, nullable=False, server_default=text("0")),
    Column("waits", Integer, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("owner", String(64)),
    Column("lease_until", Moment),
    Column("due_at", Moment),
    # Since when its bell has been rung and nobody came.
    Column("rung_at", Moment),
    Column("error", Text),
    Column("held_why", Word(HeldWhy)),
    Column("held_for", JSON(none_as_null=True)),
    Column("created_at", Moment, nullable=False),
    Column("finished_at", Moment),
    # Holds all that admission reads, in the order it groups by: a backlog of thousands is one short scan.
    _where("ix_turns_waiting", "state", "priority", "brand", "goal", "not_before", "id", where="state in ('queued')"),
    _where("ix_turns_in_hand", "state", "brand", "goal", "due_at", where="state in ('dispatched', 'running')"),
    _where("ix_turns_held", "state", "goal", where="state in ('held')"),
    Index("ix_turns_goal", "goal", "state"),
)  # fmt: skip

calls = Table(
    "calls",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id"), nullable=False, index=True),
    Column("task", ForeignKey("tasks.id")),
    Column("turn", ForeignKey("turns.id"), nullable=False, index=True),
    Column("epoch", Integer, nullable=False),
    Column("key", String(200), nullable=False),
    Column("purpose", String(32), nullable=False),
    Column("model", String(64), nullable=False),
    Column("served", String(64)),
    Column("rehearsal", Boolean, nullable=False),
    Column("state", Word(CallState), nullable=False),
    Column("month", String(7), nullable=False),
    Column("day", String(10)),  # None: of a Troupe that counted no days
    Column("reserved_nano", BigInteger, nullable=False),
    Column("cost_nano", BigInteger, nullable=False),
    Column("input_tokens", BigInteger, nullable=False),
    Column("output_tokens", BigInteger, nullable=False),
    Column("cache_write_tokens", BigInteger, nullable=False),
    Column("cache_write_1h_tokens", BigInteger, nullable=False, server_default=text("0")),
    Column("cache_read_tokens", BigInteger, nullable=False),
    Column("request_id", String(128)),
    Column("stop_reason", String(64)),
    Column("answer_hash", ForeignKey("texts.hash")),
    # Of what the prompt was made (`Request.made_of`): its texts are not kept, and may not be had any more.
    Column("parts_hash", ForeignKey("texts.hash")),
    Column("error", Text),
    Column("seconds", Float),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment),
    # A key is asked by one at a time and answered once: the database keeps that rule. An answer may come while another asks,
    # when who asked before was taken for dead.
    _where("uq_calls_reserved", "key", where="state in ('reserved')", unique=True),
    _where("uq_calls_answered", "key", where="state in ('answered')", unique=True),
    _where("ix_calls_open", "due_at", where="state in ('reserved')"),
    _where("ix_calls_lost", "id", where="state in ('lost')"),
    Index("ix_calls_created", "brand", "created_at"),
)  # fmt: skip

#: One row a cap: what people added to it, what is spent of it and what is set aside. The cap itself is said by who reserves.
accounts = Table(
    "accounts",
    metadata,
    Column("scope", String(96), primary_key=True),
    Column("rehearsal", Boolean, primary_key=True),
    Column("added_nano", BigInteger, nullable=False),
    Column("spent_nano", BigInteger, nullable=False),
    Column("reserved_nano", BigInteger, nullable=False),
    CheckConstraint("reserved_nano >= 0 and spent_nano >= 0", name="not_negative"),
)

#: What people said of a brand: its caps, where they are not those of the settings, and that it rests.
brands = Table(
    "brands",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("monthly_nano", BigInteger),
    Column("daily_nano", BigInteger),
    Column("paused_at", Moment),
    Column("refusals", Integer, nullable=False, server_default=text("0")),
)

#: What keeps a brand's turns from going out, as it was told last: the goals it holds say so.
restrictions = Table(
    "restrictions",
    metadata,
    Column("brand", String(64), primary_key=True),
    Column("rehearsal", Boolean, primary_key=True),
    Column("month", String(7), nullable=False),
    Column("level", Word(Level), nullable=False),
    Column("lowest", Word(Priority)),
    Column("wait_for", Word(WaitFor)),
    Column("reason", Text, nullable=False),
    Column("until", Moment),
    Column("since", Moment, nullable=False),
    Column("named", Boolean, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id"), nullable=False, index=True),
    Column("task", ForeignKey("tasks.id")),
    Column("kind", Word(Kind), nullable=False),
    # Asked once for a subject, a kind and a version.
    Column("key", String(160), nullable=False, unique=True),
    Column("question", Text, nullable=False),
    Column("document", JSON, nullable=False),
    Column("state", Word(ApprovalState), nullable=False, index=True),
    Column("answer", Word(Answer)),
    Column("said", Text),
    Column("due_at", Moment, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("answered_at", Moment),
)

journal = Table(
    "journal",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("goal", String(32)),
    Column("subject", String(48), nullable=False),
    Column("what", String(64), nullable=False),
    Column("detail", Text),
    Column("by", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Index(None, "goal", "id"),
)

#: Processes that answer turns now; a row that was not renewed is a process that died.
workers = Table(
    "workers",
    metadata,
    Column("owner", String(64), primary_key=True),
    Column("standing", Boolean, nullable=False),
    Column("rehearsal", Boolean, nullable=False, server_default=text("false")),
    Column("goal", String(32)),
    Column("queue", String(64)),
    Column("hands", Integer, nullable=False, server_default=text("1")),  # `Worker.threads`
    Column("knows", ForeignKey("texts.hash")),
    Column("until", Moment, nullable=False),
)

#: The services that work depends on: failures in a row, good answers since, and while it is offline when somebody looks again.
components = Table(
    "components",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("good", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("offline_since", Moment),
    Column("look_at", Moment),
)

#: Duties only one process does at a time.
duties = Table(
    "duties",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("owner", String(64), nullable=False),
    Column("until", Moment, nullable=False),
)

#: What happened outside, or inside, that may start work: written once for its source's delivery, however often that comes.
events = Table(
    "events",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("source", String(64), nullable=False),
    Column("delivery", String(200), nullable=False),
    Column("type", String(64), nullable=False),
    Column("said_at", Moment),
    Column("data", JSON, nullable=False),
    Column("goal", ForeignKey("goals.id")),
    Column("created_at", Moment, nullable=False, index=True),
    Column("looked_at", Moment),
    UniqueConstraint("brand", "source", "delivery", name="uq_events_brand_source_delivery"),
)

#: What became of an event at each trigger for its type, once.
outcomes = Table(
    "outcomes",
    metadata,
    Column("event", ForeignKey("events.id"), primary_key=True),
    Column("trigger", String(64), primary_key=True),
    Column("what", Word(Outcome), nullable=False),
    Column("why", Text, nullable=False),
    Column("goal", ForeignKey("goals.id"), index=True),
    Column("at", Moment, nullable=False),
)

#: Until when a trigger starts nothing more, and the event that it started something for.
cooldowns = Table(
    "cooldowns",
    metadata,
    Column("name", String(160), primary_key=True),
    Column("until", Moment, nullable=False),
    Column("event", ForeignKey("events.id"), nullable=False),
)

#: What a person said of a schedule (None: nothing, so its file says), and up to when its slots have their fates.
schedules = Table(
    "schedules",
    metadata,
    Column("brand", String(64), primary_key=True),
    Column("name", String(64), primary_key=True),
    Column("enabled", Boolean),
    Column("looked_until", Moment, nullable=False),
    Column("next_at", Moment),
)

#: Each due time of a schedule has one fate, whoever and however many look.
slots = Table(
    "slots",
    metadata,
    Column("brand", String(64), primary_key=True),
    Column("schedule", String(64), primary_key=True),
    Column("slot", Moment, primary_key=True),
    Column("fate", Word(SlotFate), nullable=False),
    Column("why", Text, nullable=False),
    Column("goal", ForeignKey("goals.id"), index=True),
    Column("at", Moment, nullable=False),
)

#: How far the work goes on, as the last look left it: one row.
operation = Table(
    "operation",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("level", Integer, nullable=False),
    Column("since", Moment, nullable=False),
    # Looks in a row by which the level could be one better.
    Column("good", Integer, nullable=False),
    # Since when looks follow each other without a gap.
    Column("began_at", Moment, nullable=False),
    Column("looked_at", Moment),
    Column("looked_by", String(64)),
    # When the clock's last tick was heard.
    Column("ticked_at", Moment),
)

#: How each thing that work rests on was at the last look.
health = Table(
    "health",
    metadata,
    Column("name", Word(ComponentName), primary_key=True),
    Column("state", Word(Health), nullable=False),
    Column("reason", Text, nullable=False),
    Column("since", Moment, nullable=False),
)

#: What was found wrong with the work, until it is over.
alerts = Table(
    "alerts",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("rule", Word(Rule), nullable=False),
    Column("subject", String(160), nullable=False),
    Column("grade", Integer, nullable=False),
    Column("what", Text, nullable=False),
    Column("costs", Text, nullable=False),
    Column("does", Text, nullable=False),
    Column("command", Text, nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("resolved_at", Moment, index=True),
    # Raised once, whoever and however many look.
    _where("uq_alerts_open", "brand", "rule", "subject", where="resolved_at is null", unique=True),
)

#: What people are told of, once each time.
notices = Table(
    "notices",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("news", Word(News), nullable=False),
    Column("key", String(160), nullable=False, unique=True),
    Column("reference", String(64), nullable=False),
    Column("data", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
)

#: A notice on its way to each channel.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", _ID, primary_key=True),
    Column("notice", ForeignKey("notices.id"), nullable=False),
    Column("channel", Word(Channel), nullable=False),
    Column("problem", Text),
    Column("delivered_at", Moment),
    Column("given_up_at", Moment),
    UniqueConstraint("notice", "channel"),
    _where("ix_deliveries_open", "channel", "id", where="delivered_at is null and given_up_at is null"),
)

#: What a model service lets out of a family of models, where that is less than usual: its own word to wait, how many turns may
#: be out, and what it said is left of its limits. No row: nothing limits.
limits = Table(
    "limits",
    metadata,
    Column("service", String(32), primary_key=True),
    Column("family", String(64), primary_key=True),
    Column("told_at", Moment),
    Column("wait_until", Moment),
    Column("reason", Text, nullable=False),
    Column("slots", Integer),
    Column("steady", Integer),
    Column("good", Integer, nullable=False),
    Column("left", JSON, nullable=False),
    Column("said_at", Moment, nullable=False),
)

#: Sentences of what to do, and what they were learned from.
learnings = Table(
    "learnings",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("rehearsal", Boolean),  # None: a person's, for goals of both kinds
    Column("skill", String(64), nullable=False),
    Column("category", Word(Category)),
    Column("text", Text, nullable=False),
    Column("learned_from", Word(LearnedFrom), nullable=False),
    Column("result", Word(Result)),
    Column("confidence", Float, nullable=False),
    Column("state", Word(LearningState), nullable=False),
    Column("why", Text, nullable=False),
    Column("evidence", JSON, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("said_at", Moment, nullable=False),
    Index("ix_learnings_skill", "brand", "skill", "state"),
)

#: Which learnings a task, or a plan, is shown. Chosen once, so that every version of it is shown the same.
recalled = Table(
    "recalled",
    metadata,
    Column("subject", String(48), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("goal", ForeignKey("goals.id"), nullable=False),
    Column("skill", String(64), nullable=False),
    Column("rehearsal", Boolean, nullable=False),
    Column("held_out", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Column("chosen_at", Moment, nullable=False),
    Index("ix_recalled_skill", "brand", "skill", "rehearsal", "chosen_at"),
    Index(None, "goal"),
)

#: Each learning that fitted a task: shown to it, or left out of it to see what it is worth.
recalled_learnings = Table(
    "recalled_learnings",
    metadata,
    Column("subject", ForeignKey("recalled.subject"), primary_key=True),
    Column("learning", ForeignKey("learnings.id"), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("shown", Boolean, nullable=False),
    Index(None, "learning"),
)

#: What a model, as the reviewer, said of each text whose fault is known, or the certain checks said before it was asked.
calibrations = Table(
    "calibrations",
    metadata,
    Column("text", String(96), primary_key=True),
    Column("model", String(64), primary_key=True),
    Column("rehearsal", Boolean, primary_key=True),
    # Of what the review prompt of its skill was made.
    Column("prompt", String(64), primary_key=True),
    # Of the request it was judged by: a text that is written anew is judged anew.
    Column("digest", String(64), nullable=False),
    Column("skill", String(64), nullable=False),
    Column("kind", String(32), nullable=False),
    Column("sent_back", Boolean, nullable=False),
    Column("document", JSON, nullable=False),
    Column("goal", ForeignKey("goals.id")),
    Column("at", Moment, nullable=False),
)

#: What was known of a deliverable when it was approved, and of a goal when it ended (no task): a chain for each goal.
receipts = Table(
    "receipts",
    metadata,
    Column("goal", ForeignKey("goals.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("task", ForeignKey("tasks.id"), index=True),
    Column("text_hash", ForeignKey("texts.hash"), index=True),
    # Of its document.
    Column("hash", ForeignKey("texts.hash"), nullable=False),
    Column("created_at", Moment, nullable=False),
)

#: By what somebody comes in over HTTP: of the secret only its SHA-256 is kept.
tokens = Table(
    "tokens",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("brand", String(64), nullable=False),
    Column("kind", Word(TokenKind), nullable=False),
    Column("name", String(64), nullable=False),
    Column("role", Word(Role), nullable=False),
    Column("hash", String(64), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment),
    Column("used_at", Moment),
    # A link's: also when it was used.
    Column("revoked_at", Moment),
    Index(None, "brand", "kind"),
)

#: Who did what with them, from where: each change by itself, reads of the same by the hour, and of all that was refused from
#: one address the first of each minute, with how often.
token_uses = Table(
    "token_uses",
    metadata,
    Column("token", ForeignKey("tokens.id"), primary_key=True),
    # Of a read, the hour it came in; of a refusal, the minute.
    Column("at", Moment, primary_key=True),
    Column("address", String(64), primary_key=True),
    Column("method", String(16), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("status", Integer, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("last_at", Moment, nullable=False),
)

#: What was answered over HTTP to a request that makes something, under the key its sender gave it.
kept_answers = Table(
    "kept_answers",
    metadata,
    Column("brand", String(64), primary_key=True),
    Column("caller", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    # Of what was asked: the same key for something else is a mistake.
    Column("digest", String(64), nullable=False),
    Column("answer", JSON, nullable=False),
    Column("created_at", Moment, nullable=False, index=True),
)
