"""
What can go wrong, as one tree. The sentence of an error is what a person reads: what was expected, what came, what to do.

* DirectorError
    * BrokenFile          a skill, a pipeline or another file of data has a fault
    * WrongCall           the caller asked for something that cannot be (exit code 2)
        * WrongSetting    a setting from the environment is wrong
        * WrongField      one part of it is, which is named
        * NotFound        no such goal, task, approval
        * AnsweredBefore  a question was closed before
        * ChangedSince    what somebody saw is another by now
        * CannotChange    a deliverable cannot be changed now
        * NotVerified     it is not shown who sent an event (signatures.py)
        * NotAnEvent      the body of a request tells of none (incoming.py)
    * WorkspaceError      a file or folder of the workspace cannot be used
    * StoreError          the database cannot be used
        * NewerDatabase   it was written by a newer Troupe
        * StaleState      a row is not in the state it was read in
        * LostLease       the turn is somebody else's now
    * ModelError          the model gave no usable answer
        * ModelAway       waiting cures it: limits, overload, no connection
            * Busy        it answers that it does no work now (look.py)
            * LimitReached it answers that a limit is used up
        * MustWait        nothing was sent: a limit of the service has to fill first
        * ModelUnreadable asking again cures it: cut off, nonsense
        * ModelRefused    nothing cures it but a person: key, request, refusal
            * Declined    it answers that it does not write about that
            * KeyRefused  nobody is let in with this key (look.py)
        * Unkept          an answer came, was paid and cannot be kept; a person decides whether to buy another
        * NoPrice         the model is not in the price file
        * AnotherModel    one answered that was not asked, at a price nobody agreed to
        * Interrupted     the call was ended on purpose: shutdown, cancel
    * OverCap             the worst case does not fit under a goal's, a month's or a day's cap
    * NotNow              the month's level, or a pause, keeps the goal back
        * Ceiling         it has gone further than any goal needs to
    * Impossible          who was to do a task found that its brief cannot be fulfilled
    * TooDear             one call could cost more than any one call may
    * NobodyCan           no process that is there has the skill
    * OthersCan           this process has it not, another that is there has
    * TriggersRest        events are kept, and start nothing yet
    * Unanswered          a person left while they were asked (consent.py)
    * NotLetIn            a secret opens nothing over HTTP (tokens.py)
    * ChannelAway         a notice could not be delivered now; waiting may cure it
    * RedisAway           nobody answers where the bells are to be rung (bus.py)
    * EmbeddedServerError the workspace's own Redis cannot be started (embedded.py)
    * Defect              a fault of ours; the stack is in the log

Each class says how it is cured; `failures.fail` is the one place that acts on it.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from director.words.limits import Left
from director.words.redaction import blank
from director.words.states import HeldWhy


class Cure(StrEnum):
    """What to do about a failed turn."""

    WAIT = "wait"  #: The turn goes back with a later `not_before`; its attempts stay as they are.
    AGAIN = "again"  #: The turn goes back, one attempt used.
    OTHER = "other"  #: The turn goes back, for another process or until it may go on; nothing is used up.
    HOLD = "hold"  #: The turn is held until money, a person or a worker with the skill lets it go on.
    NONE = "none"  #: The turn fails; the domain decides what follows.


class DirectorError(Exception):
    """Something the program can name. Its text is one sentence for a person."""

    cure = Cure.NONE
    exit_code = 1

    #: Whether the installation is at fault, so that `doctor` finds it too, with whatever else is.
    of_installation = False

    #: With Cure.HOLD: what the turn is held for.
    held_why: HeldWhy | None = None

    #: With Cure.WAIT: how long it is best to wait; None: as long as anybody does.
    retry_after: timedelta | None = None


class BrokenFile(DirectorError):
    """A skill, a pipeline or another file of data has a fault; the text names the file and the field."""


class WrongCall(DirectorError):
    """The call itself is wrong; nothing was done."""

    exit_code = 2


class WrongField(WrongCall):
    """One part of a call is wrong; a form or a program is told which."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class ChangedSince(WrongCall):
    """It is not any more as it was seen by who decides about it; nothing changed."""


class NotAllowed(WrongCall):
    """Whoever asks has not the right that this needs, although they may come in; nothing changed."""


class AnsweredBefore(WrongCall):
    """A question was closed before: by somebody's answer, by its deadline, or with its goal; nothing changed."""


class CannotChange(WrongCall):
    """A task's deliverable cannot be changed as it stands now; nothing changed."""


class WrongSetting(WrongCall):
    """A setting is wrong; the program does not start."""

    exit_code = 1
    of_installation = True

    def __init__(self, variable: str, expected: str, came: str) -> None:
        super().__init__(f"{variable} has to be {expected}; it is {came}. Change it in the environment or in .env.")
        self.variable = variable


class NotFound(WrongCall):
    """There is no such thing in the record."""

    def __init__(self, noun: str, ident: str, hint: str) -> None:
        super().__init__(f"There is no {noun} {ident!r}; {hint}.")
        self.ident = ident


class WorkspaceError(DirectorError):
    """A file or folder of the workspace cannot be used."""

    of_installation = True


class StoreError(DirectorError):
    """The database cannot be used now; the work in hand goes back and waits."""

    cure = Cure.WAIT
    of_installation = True


class NewerDatabase(StoreError):
    """The database was written by a newer Troupe; this one must not touch it."""

    cure = Cure.NONE


class StaleState(StoreError):
    """A row is no longer in the state it was read in: somebody else moved it first."""

    cure = Cure.AGAIN
    of_installation = False


class LostLease(StoreError):
    """The turn is somebody else's now; nothing of this holder's work is written but what it has paid for."""

    cure = Cure.NONE
    of_installation = False

    def __init__(self, turn_id: int) -> None:
        super().__init__(f"turn {turn_id} is no longer held by this process")
        self.turn_id = turn_id


class ModelError(DirectorError):
    """The model gave no usable answer."""

    def __init__(self, message: str, *, may_be_paid: bool = False) -> None:
        super().__init__(message)
        #: Whether the request had left, so that it may be billed although no answer came.
        self.may_be_paid = may_be_paid


class ModelAway(ModelError):
    """Limits, overload, no connection: the same request will do later."""

    cure = Cure.WAIT

    def __init__(self, message: str, *, retry_after: timedelta | None = None, may_be_paid: bool = False) -> None:
        super().__init__(message, may_be_paid=may_be_paid)
        self.retry_after = retry_after


class LimitReached(ModelAway):
    """A limit of the service is used up; it is there, and says when it answers again."""

    def __init__(
        self,
        message: str,
        *,
        model: str,
        left: tuple[Left, ...] = (),
        retry_after: timedelta | None = None,
        may_be_paid: bool = False,
    ) -> None:
        super().__init__(message, retry_after=retry_after, may_be_paid=may_be_paid)
        self.model = model  #: which was asked
        self.left = left  #: what its answer said of the limits


class MustWait(ModelError):
    """A limit of the service has to fill first; nothing was sent."""

    cure = Cure.WAIT

    def __init__(self, family: str, until: datetime, why: str) -> None:
        super().__init__(f"The limit of {family} is used up, it is asked again at {until:%H:%M:%S} UTC: {why}")
        self.family = family
        self.until = until
        self.why = why


class ModelUnreadable(ModelError):
    """An answer came and cannot be read: a form that was cut off, or not the one that was asked for."""

    cure = Cure.AGAIN


class ModelRefused(ModelError):
    """The key, the request or the subject was refused; asking again changes nothing."""


class Declined(ModelRefused):
    """The model declined to answer: it is about what was asked, and not about who asks."""


class Unkept(ModelError):
    """An answer came, was paid and cannot be kept. Asking again would only pay again."""


class NoPrice(ModelError):
    """A model that is not in the price file is refused, not guessed."""


class AnotherModel(ModelError):
    """A model answered that was not asked, and cost more than was set aside; a person says whether the goal goes on with it."""

    cure = Cure.HOLD
    held_why = HeldWhy.PERSON

    def __init__(self, message: str, *, which: str) -> None:
        super().__init__(message)
        #: The same for the same two models: what a person agrees to.
        self.which = which


class Interrupted(ModelError):
    """The call was ended on purpose. The turn goes back, no attempt used."""

    cure = Cure.WAIT

    def __init__(self, message: str, *, may_be_paid: bool = True) -> None:
        super().__init__(message, may_be_paid=may_be_paid)


#: Why a call is not begun; none of it is paid.
STOPPING: Final = "No new call is begun while this process is stopping."


class OverCap(DirectorError):
    """The worst case of a call does not fit under a cap; nothing was sent."""

    cure = Cure.HOLD
    held_why = HeldWhy.MONEY

    def __init__(
        self, message: str, *, scope: str, rehearsal: bool, worst_nano: int, cap_nano: int, room_by: datetime | None
    ) -> None:
        super().__init__(message)
        self.scope = scope
        self.rehearsal = rehearsal
        #: What the call could cost, and the cap without what people added to it, nano-dollars.
        self.worst_nano = worst_nano
        self.cap_nano = cap_nano
        #: Where it fits as soon as calls on the wire take less than was set aside for them: when they are over at the latest.
        self.room_by = room_by


class NotNow(DirectorError):
    """The turn's goal may begin nothing now: the month's level, or a pause, keeps it back. It is admitted again when it may."""

    cure = Cure.OTHER


class Ceiling(NotNow):
    """The goal has gone further than any needs to; it is paused until a person looks at it."""


class TooDear(DirectorError):
    """One call could cost more than any one call may; no cap of a goal or a month would help."""


class Impossible(DirectorError):
    """A task's writer, or its reviewer, found that nothing fit to be used can be made of its brief."""

    def __init__(self, by: str, why: str) -> None:
        super().__init__(f"The {by} found that the brief cannot be fulfilled: {' '.join(why.split()).rstrip('.')}.")


class NobodyCan(DirectorError):
    """No process that is there can do the turn; it waits for one that can."""

    cure = Cure.HOLD
    held_why = HeldWhy.SKILL

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"No worker that is running has {_all_of(names)}: start one whose SKILLS_PATH and workspace have it, "
            "or cancel the goal."
        )


class OthersCan(DirectorError):
    """Another process that is there is the one to do the turn."""

    cure = Cure.OTHER

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__(
            f"This process has not {_all_of(names)}; another has." if names else "Another knows more skills."
        )


class TriggersRest(DirectorError):
    """An event is kept, and starts nothing yet: what the team rests on is away, or the month is spent."""

    cure = Cure.WAIT

    def __init__(self) -> None:
        super().__init__(
            "Too much is away, or the month is spent: events are kept, and start nothing yet (`status --health` says it)."
        )


def _all_of(names: Iterable[str]) -> str:
    return " and ".join(name if name.startswith("pipeline ") else f"the skill {name}" for name in names).replace(
        "pipeline ", "the pipeline "
    )


class ChannelAway(DirectorError):
    """A notice could not be delivered to its channel now."""

    cure = Cure.WAIT

    def __init__(self, message: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Defect(DirectorError):
    """A fault of ours: something failed that has no sentence. The turn is tried again; the stack is in the log."""

    cure = Cure.AGAIN

    def __init__(self, problem: Exception, own: Iterable[str] = ()) -> None:
        # Somebody else's words: they may repeat what they were given, also *own* secrets.
        said = f"{type(problem).__name__}: {blank(str(problem), own)}"
        super().__init__(f"Something went wrong that should not ({said}); the log has more.")
