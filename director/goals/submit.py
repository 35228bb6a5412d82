"""A goal is given: checked, written down with its first turn in one transaction, and rung for."""

import unicodedata
from pathlib import Path
from typing import Final

from director.files.context import read_context
from director.files.mirror import free_number
from director.goals.categories import infer
from director.mailbox import turns
from director.office import DIRECTOR, Office
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.states import Category, Priority
from pipelines.template import Library, Template, UnknownPipeline

#: Characters of a goal. A goal is a sentence or a few; what is longer belongs into the product context.
LONGEST_GOAL: Final = 4_000


def submit(
    office: Office,
    text: str,
    *,
    category: Category | None = None,
    priority: Priority | None = None,
    cap_nano: int | None = None,
    pipeline: str | None = None,
    plan_by: str = "claude",
    confirm: bool = False,
    context: Path | None = None,
) -> Goal:
    """
    Write the goal and the Director's first turn, ring the bell, return the goal.

    *cap_nano* is what it may cost (None: a tenth of the month); with *confirm* a person has to agree to the plan before
    anything else is asked of Claude. *context* is read now and kept with the goal: editing the file changes later goals.

    Raises:
        WrongCall: the text, the pipeline or the context cannot be used; nothing was written.
    """
    text = check_text(text)
    product = read_context(office.settings, context)
    priority_default = Priority.P2
    category_default = infer(text)
    if pipeline is not None:
        template = find_pipeline(office.library, pipeline)
        pipeline = template.name
        priority_default = Priority(template.priority)
        if template.category is not None:
            category_default = Category(template.category)
    month = office.settings.budget_monthly
    with office.store.write() as tx:
        goal = tx.goals.add(
            first=lambda: free_number(office.settings),
            brand=office.brand,
            text=text,
            category=category or category_default,
            priority=priority or priority_default,
            cap_nano=min(office.settings.goal_cap if cap_nano is None else cap_nano, month),
            plan_by=plan_by,
            pipeline=pipeline,
            confirm=confirm,
            context_hash=None if product is None else tx.keep(product),
        )
        turns.create(tx, goal, actor=DIRECTOR, verb="plan", subject=goal.id)
    turns.ring(office)
    return goal


def check_text(text: str) -> str:
    """
    The goal's words as they are kept: composed, trimmed.

    Raises:
        WrongCall: empty, too long, or not plain text.
    """
    text = unicodedata.normalize("NFC", text).strip()
    if not text:
        raise WrongCall('The goal is empty; say what should change, for example "Increase signup conversion by 20%".')
    if len(text) > LONGEST_GOAL:
        raise WrongCall(
            f"The goal has {len(text):,} characters, {LONGEST_GOAL:,} are allowed: state the change in a few "
            "sentences, and put background into the product context."
        )
    odd = next((c for c in text if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\n\t"), None)
    if odd is not None:
        raise WrongCall(f"The goal contains the character U+{ord(odd):04X}, which is no text: take it out.")
    return text


def find_pipeline(library: Library, name: str) -> Template:
    """
    The pipeline called *name*.

    Raises:
        WrongCall: there is none; the message names the nearest.
    """
    try:
        return library.find(name)
    except UnknownPipeline as problem:
        raise WrongCall(str(problem)) from problem
