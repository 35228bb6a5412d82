"""A goal is given: looked at, written down with its first turn in one transaction, and rung for."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict, Unpack

from director.calls import caps
from director.catalog import Catalog
from director.files.context import read_context
from director.files.places import free_number
from director.files.writable import check_places
from director.goals.infer_category import NOBODY_SAID, recognised
from director.mailbox import admission, turns
from director.mailbox.restrictions import monthly_cap
from director.money.periods import month_of
from director.office import DIRECTOR, Office
from director.progress.advance import advance
from director.store.opening import is_begun
from director.store.tx import Tx
from director.words.amounts import usd
from director.words.characters import has_visible, unreadable, with_line_feeds
from director.words.command import program
from director.words.errors import WrongField
from director.words.models import Brand, Goal
from director.words.settings import Settings
from director.words.states import Category, PlanBy, Priority
from pipelines.loader import Library, UnknownPipeline
from pipelines.template import Template

#: Characters of a goal. A goal is a sentence or a few; what is longer belongs into the product context.
LONGEST_GOAL: Final = 4_000

#: Where a value is put into the words a file gives a goal; two braces are somebody's own, of a letter's merge field.
PLACEHOLDER: Final = re.compile(r"(?<!\{)\{([^{}]*)\}(?!\})")

#: What the journal calls who gave a goal, where nobody said.
SUBMIT: Final = "submit"


class Wanted(TypedDict, total=False):
    """What may be said of a goal besides its words. What is left out, or None, follows from the words and the settings."""

    category: Category | None
    priority: Priority | None
    cap_nano: int | None  #: What it may cost; otherwise a tenth of the month.
    pipeline: str | None  #: The ready-made plan's name, as a person writes it.
    plan_by: PlanBy
    context: Path | None  #: A product context instead of the workspace's.


@dataclass(frozen=True, slots=True)
class NewGoal:
    """A goal that can be taken as it is: everything that can be wrong with it was looked at, and nothing was made yet."""

    text: str
    category: Category
    priority: Priority
    cap_nano: int | None  #: What it may cost; None: nobody said that, so it is a tenth of the brand's month.
    pipeline: str | None
    plan_by: PlanBy
    context: str | None  #: The product context's text. Editing the file changes later goals.
    guessed: bool  #: Whether nobody said the category, and no word of the goal does.


def check(settings: Settings, catalog: Catalog, text: str, **wanted: Unpack[Wanted]) -> NewGoal:
    """
    Look at everything about a goal that can be wrong. Makes nothing, so it can be asked before there is an office.

    Raises:
        WrongCall: the text, the pipeline or the context cannot be used; where nothing is begun yet, the budget.
        WorkspaceError: there would be no room for what is written for it.
        BrokenFile: a skill or a pipeline has a fault, so no plan could be made.
    """
    cap_nano = wanted.get("cap_nano")
    if not is_begun(settings.database_url, settings.state_dir):
        # Nobody can have set another month, and none is begun for a goal that is refused. The record is asked by `begin`.
        _see_that_the_month_allows(cap_nano, settings.budget_monthly)
    text = check_text(text)
    context = read_context(settings, wanted.get("context"))
    check_places(settings)
    library = catalog.library
    said = wanted.get("category") or recognised(text)
    pipeline, category, priority = wanted.get("pipeline"), said or NOBODY_SAID, Priority.P2
    if pipeline is not None:
        template = _find(library, pipeline)
        pipeline, priority = template.name, Priority(template.priority)
        category = Category(template.category or category)
    return NewGoal(
        text=text,
        category=wanted.get("category") or category,
        priority=wanted.get("priority") or priority,
        cap_nano=cap_nano,
        pipeline=pipeline,
        plan_by=wanted.get("plan_by", PlanBy.CLAUDE),
        context=context,
        guessed=said is None and pipeline is None,
    )


def will_rehearse(office: Office) -> bool:
    """
    Whether a goal that is given now is rehearsed. Who has a key, or another server's address, pays for it; given by who has
    not, it is paid for where all workers have, since one of them does it.
    """
    if not office.settings.rehearses:
        return False
    with office.store.read() as tx:
        return will_rehearse_in(tx, office)


def will_rehearse_in(tx: Tx, office: Office) -> bool:
    """As `will_rehearse`, in a transaction that is open."""
    return office.settings.rehearses and _rehearsed_by_those_here(tx)


def take(
    office: Office, new: NewGoal, *, rehearsal: bool | None = None, confirm: bool = False, here: bool = False
) -> Goal:
    """
    Write the goal and the Director's first turn, ring the bell, return the goal.

    *rehearsal* is what `will_rehearse` said, if it was asked before. With *confirm* a person has to agree to the plan before
    anything else is asked of Claude. *here* is whether this process is a command's own and works for this goal from now on.
    """
    with office.store.write() as tx:
        goal = begin(tx, office, new, rehearsal=rehearsal, confirm=confirm)
        if here:
            tx.presence.turn_to(office.owner, goal.id)
    if here:
        office.reach.only = goal.id  # before the bell, which nobody may answer for another goal
    admission.ring(office)
    return goal


def begin(
    tx: Tx,
    office: Office,
    new: NewGoal,
    *,
    rehearsal: bool | None = None,
    confirm: bool = False,
    by: str = SUBMIT,
) -> Goal:
    """
    As `take`, in the transaction of what causes the goal; who commits it rings. *by* gives it, as the journal has it.

    Raises:
        WrongCall: its budget is more than its month may cost.
    """
    if rehearsal is None:
        rehearsal = will_rehearse_in(tx, office)
    goal = tx.goals.add(
        first=lambda: free_number(office.settings),
        by=by,
        brand=office.brand,
        text=new.text,
        category=new.category,
        priority=new.priority,
        cap_nano=cap_of(tx, office, new, rehearsal=rehearsal),
        plan_by=new.plan_by,
        pipeline=new.pipeline,
        confirm=confirm,
        rehearsal=rehearsal,
        context_hash=None if new.context is None else tx.keep(new.context),
        day=tx.now.astimezone(office.settings.time_zone).date(),
    )
    turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=goal.id)
    advance(tx, goal.id, by=by)  # it may have to wait from the beginning
    return tx.goals.get(goal.id)


def cap_of(tx: Tx, office: Office, new: NewGoal, *, rehearsal: bool) -> int:
    """
    What the goal may cost, in nano-dollars: what was said of it, else a tenth of its brand's month.

    Raises:
        WrongCall: that is more than the month in force may cost, as `budget` shows it: what a person set, or the settings say,
            with what was added to it. It is not lowered in silence.
    """
    if new.cap_nano is None:
        return goal_cap(office.settings, tx.brands.get(office.brand))
    month = month_of(tx.now, office.settings.time_zone)
    _see_that_the_month_allows(new.cap_nano, caps.month_cap(tx, office, month, rehearsal=rehearsal))
    return new.cap_nano


def goal_cap(settings: Settings, brand: Brand) -> int:
    """What a goal of the brand may cost where nobody says it: a tenth of the month, nano-dollars."""
    return monthly_cap(settings, brand) // 10


def _see_that_the_month_allows(cap_nano: int | None, month_nano: int) -> None:
    if cap_nano is not None and cap_nano > month_nano:
        raise WrongField(
            "budget",
            f"A budget of {usd(cap_nano)} is more than a month may cost ({usd(month_nano)}): name less, or let a month cost "
            f"more (`{program()} budget set USD`).",
        )


def see_that_it_may_be_paid(*, agreed: bool, how: str, field: str = "budget") -> None:
    """
    Nothing is paid that nobody agreed to: a person is asked before the plan runs; who is not asked says beforehand that it
    may, or what it may cost. *how* says by what, in which *field*.

    Raises:
        WrongField: nobody agreed.
    """
    if not agreed:
        raise WrongField(
            field,
            "This goal is paid for (a tenth of a month's cap at most), and nobody is asked here whether its plan may run: "
            f"{how}.",
        )


def submit(office: Office, text: str, *, confirm: bool = False, **wanted: Unpack[Wanted]) -> Goal:
    """Give a goal: `check`, with what that raises, and `take`."""
    return take(office, check(office.settings, office.catalog, text, **wanted), confirm=confirm)


def check_text(text: str) -> str:
    """
    The goal's words as they are kept: composed, trimmed, with line feeds.

    Raises:
        WrongCall: nothing to be seen, too long, or not plain text.
    """
    # Composing takes time by the square, and makes at most one character of four.
    if len(text) <= 4 * LONGEST_GOAL:
        text = unicodedata.normalize("NFC", text)
    text = with_line_feeds(text).strip()
    odd = unreadable(text)
    if not (odd or has_visible(text)):
        raise WrongField(
            "text", 'The goal is empty; say what should change, for example "Increase signup conversion by 20%".'
        )
    if len(text) > LONGEST_GOAL:
        raise WrongField(
            "text",
            f"The goal has {len(text):,} characters, {LONGEST_GOAL:,} are allowed: state the change in a few "
            "sentences, and put background into the product context.",
        )
    if odd is not None:
        raise WrongField("text", f"The goal contains the character U+{ord(odd):04X}, which is no text: take it out.")
    return text


def _rehearsed_by_those_here(tx: Tx) -> bool:
    return not tx.presence.standing_workers() or bool(tx.presence.standing_workers(rehearsal=True))


def _find(library: Library, name: str) -> Template:
    try:
        return library.find(name)
    except UnknownPipeline as problem:
        raise WrongField("pipeline", str(problem)) from problem
