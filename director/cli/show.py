"""`show`: what was written, and what a question is about."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from rich.console import RenderableType

from director.cli.branded import opened_for
from director.cli.consent import raises
from director.cli.documents import print_document, print_text
from director.cli.plan_view import plan_view
from director.cli.tables import answers, closed, outdated_lines
from director.cli.terminal import console, quoted
from director.goals.report import report
from director.office import Office
from director.progress import changes
from director.progress.questions import about_plan
from director.prompting.forms import Conclusion
from director.store.tx import Tx
from director.views.approval import approval_document
from director.views.calibration import beside
from director.views.goal import goal_document
from director.words.characters import visible
from director.words.errors import NotFound, WrongCall
from director.words.models import Approval, Draft, JournalLine
from director.words.own_secrets import own_secrets
from director.words.question import AboutDraft, Kind
from director.words.redaction import blank, distinctive
from director.words.scores import score_said
from director.words.settings import from_env


def show(ident: str, revision: int | None = None, *, json: bool) -> None:
    """
    A goal's report, a task's text, or a question with what it is about. Of a task the version that counts, or that *revision*;
    where it rests on a version that was changed, standard error says so.
    """
    settings = from_env()
    if revision is not None and "-" not in ident:
        raise WrongCall(f"--version is of a task, like g1-2; {ident} is none.")
    if json:
        with opened_for(ident, settings) as office, office.store.read() as tx:
            document = _document(office, tx, ident, revision, distinctive(own_secrets(settings)))
        print_document(document)
        return
    old: tuple[str, ...] | None = None
    with opened_for(ident, settings) as office, office.store.read() as tx:
        plan = _plan_asked_about(tx, ident)
        if plan is not None:
            parts = _plan_parts(office, tx, plan)
        elif ident.startswith("a"):
            text = _question(office, tx, ident)
        elif "-" in ident:
            text = _task(tx, ident, revision)
            old = None if revision is not None else changes.outdated(tx, tx.tasks.get(ident).goal).get(ident)
        else:
            text = _goal(office, tx, ident)
    if plan is not None:
        out = console()
        for part in parts:
            out.print(part)
        return
    print_text(blank(text, distinctive(own_secrets(settings))))
    if old:
        print(*outdated_lines({ident: old}), file=sys.stderr)  # noqa: T201


def _document(office: Office, tx: Tx, ident: str, revision: int | None, own: tuple[str, ...]) -> dict[str, Any]:
    """What `show` shows, for programs: the document of what it is, and its text."""
    if ident.startswith("a"):
        return {
            "approval": approval_document(tx.approvals.get(ident)),
            "text": blank(_question(office, tx, ident), own),
        }
    goal = tx.goals.get(tx.tasks.get(ident).goal if "-" in ident else ident)
    document = goal_document(office, tx, goal)
    if "-" in ident:
        [task] = [task for task in document["tasks"] if task["id"] == ident]
        return {"task": task, "text": blank(_task(tx, ident, revision), own)}
    return {**document, "text": blank(_goal(office, tx, ident), own)}


def _plan_asked_about(tx: Tx, ident: str) -> Approval | None:
    """The question about a plan that *ident* is, or that keeps the goal *ident* from being begun."""
    if ident.startswith("a"):
        question = tx.approvals.get(ident)
        return question if question.kind is Kind.PLAN else None
    if "-" in ident:
        return None
    return about_plan(tx, ident)


def _plan_parts(office: Office, tx: Tx, question: Approval) -> tuple[RenderableType, ...]:
    goal = tx.goals.get(question.goal)
    asked = visible(question.question) if raises(question) else "may it run?"
    asks = f"{asked}\n{answers(question, tx.now)}" if question.state == "open" else closed(question)
    return (
        f"{goal.id}: {goal.text}",
        plan_view(office, tx, goal, console().width),
        f"{question.id}: {asks}",
    )


def _goal(office: Office, tx: Tx, ident: str) -> str:
    goal = tx.goals.get(ident)
    if goal.summary is not None:
        return report(office, tx, goal, Conclusion.model_validate(goal.summary)).rstrip()
    lines = [f"{goal.id}: {' '.join(goal.text.split())}", f"{goal.state}, {goal.category}, {goal.priority}"]
    if goal.reason:
        lines.append(" ".join(goal.reason.split()))
    lines += [
        f"{line.at:%Y-%m-%d %H:%M:%S} UTC  {line.subject}  {line.what}  {' '.join((line.detail or '').split())}".rstrip()
        for line in _journal(tx, ident)
    ]
    return "\n".join(lines)


def _journal(tx: Tx, ident: str) -> Iterator[JournalLine]:
    after = 0
    while lines := tx.journal(ident, after=after):
        yield from lines
        after = lines[-1].id


def _task(tx: Tx, ident: str, revision: int | None) -> str:
    task = tx.tasks.get(ident)
    drafts = tx.drafts.of_task(ident)
    if not drafts:
        return f"{ident} ({task.skill}) is {task.state}; nothing is written yet."
    if revision is not None:
        wanted = next((draft for draft in drafts if draft.revision == revision), None)
        if wanted is None:
            there = ", ".join(str(draft.revision) for draft in drafts)
            raise NotFound("version", f"{ident} {revision}", f"{ident} has the versions {there}")
        return str(tx.text(wanted.text_hash)).rstrip()
    counts = next((draft for draft in drafts if draft.id == task.deliverable), drafts[-1])
    return str(tx.text(counts.text_hash)).rstrip()


def _question(office: Office, tx: Tx, ident: str) -> str:
    approval = tx.approvals.get(ident)
    lines = [" ".join(approval.question.split())]
    if approval.state != "open":
        lines.append(closed(approval))
    else:
        lines += ["open", answers(approval, tx.now)]
    if isinstance(about := approval.about, AboutDraft):
        # Before the drafts, which may be long: what a person decides by.
        if about.notes:
            lines += ["", "--- what the reviewer found ---", quoted(about.notes)]
        if known := beside(tx, office, tx.goals.get(approval.goal)):
            lines += ["", known.sentence()]
        versions = {about.last: "last", about.best: "best"}
        for draft, which in ((tx.drafts.get(ident), which) for ident, which in reversed(versions.items())):
            lines += [
                "",
                f"--- {which} version: revision {draft.revision}{_score(tx, draft)} ---",
                quoted(tx.text(draft.text_hash)),
            ]
    return "\n".join(lines)


def _score(tx: Tx, draft: Draft) -> str:
    task = tx.tasks.get(draft.task)
    return score_said(replace(task, score=draft.score), tx.calls.of_goal(task.goal))
