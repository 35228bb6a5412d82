"""The processes that are here, and which goals each works for: paid or rehearsed ones, all or its own."""

from dataclasses import dataclass

from director.words.models import Goal


@dataclass(slots=True)
class Reach:
    """
    What a process works for: goals that are paid for or goals that are rehearsed, and in a command's own process its goal only.

    Turns that are no goal's are done by processes that work for all.
    """

    rehearsal: bool
    only: str | None = None  #: a goal's id, or "" while a command has none yet; None: all goals

    def works_for(self, goal: Goal | None) -> bool:
        """Whether the goal is in it, or, without one, turns that are no goal's; `store/turns` has the same in SQL."""
        if goal is None:
            return self.only is None
        return goal.rehearsal is self.rehearsal and self.only in (None, goal.id)


@dataclass(frozen=True, slots=True)
class Worker:
    """A process that is here."""

    owner: str  #: its name for ever
    reach: Reach
    queue: str | None  #: where it hears bells; None: nowhere
    standing: bool  #: whether it does not leave after one goal
    threads: int  #: how many turns it does at once; 0 when it takes no more
    knows: str | None  #: the hash of the text that says what it knows; None: of a Troupe that did not say


def unlike_workers(*, rehearsal: bool) -> str:
    """Why no worker takes a goal, where all that are here do the other kind."""
    return (
        "rehearsed, and every worker that is here has a key"
        if rehearsal
        else "paid for, and no worker that is here has a key"
    )
