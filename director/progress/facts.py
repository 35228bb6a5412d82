"""What is known about a task when its turn begins: read from the store in one consistent picture."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from director.evidence.tracing import Source
from director.office import Office
from director.progress import changes, performance_record
from director.progress.open_facts import as_source, listed, open_facts, sources_of
from director.prompting.drafting import Input
from director.prompting.forms import Finding, worst_first
from director.prompting.situation import Happened, Situation
from director.store.tx import Tx
from director.words.models import Draft, Goal, Review, Task
from pipelines.plan import Plan, PlannedTask, StepKind, from_document


@dataclass(frozen=True, slots=True)
class Facts:
    """The stored facts a prompt is made from. The same facts make the same prompt."""

    goal: Goal
    task: Task
    planned: PlannedTask
    context: str | None
    situation: Situation
    inputs: tuple[Input, ...]
    given: dict[str, int]  #: of each task it builds on, the draft that is among the inputs
    sources: tuple[Source, ...]  #: what vouches for the facts of its drafts, its inputs apart
    drafts: tuple[Draft, ...]  #: first to last
    text: str | None  #: of the last draft
    earlier: str | None  #: of the draft the current revision is to change: the one that was sent back, or the best
    by_edits: bool  #: whether that is changed in its places; False: written anew
    asked: int  #: the revision its author was asked for last: mending and correcting add some that nobody was asked for
    mended: bool  #: whether a version was mended already: done once, and once for each change a person asks for
    told_of_repeats: bool  #: whether its author was told already which variants say the same, which is done once
    for_repeats: bool  #: whether the current revision is for that alone
    learnings: str  #: what its writer is shown of what the team remembers, a line each; empty: nothing
    record: str  #: for a report: what the store says of goals, cost and quality, as Markdown; else empty

    def with_inputs(self) -> tuple[Source, ...]:
        """The sources, and what it builds on, which vouches for nothing by itself."""
        return (*self.sources, *(as_source(given.skill, given.text) for given in self.inputs))


def gather(office: Office, task_id: str) -> Facts:
    """Everything about the task."""
    with office.store.read() as tx:
        task = tx.tasks.get(task_id)
        goal = tx.goals.get(task.goal)
        drafts = tuple(tx.drafts.of_task(task_id))
        earlier = [draft for draft in drafts if draft.id == task.basis]
        reviews = tx.reviews.of_task(task_id)
        since = changes.first_revision(tx, task)
        recent = {draft.id for draft in drafts if draft.revision >= since}
        return Facts(
            goal=goal,
            task=task,
            planned=planned_of(tx, goal, task),
            context=context_of(tx, goal),
            situation=situation_of(tx, goal, task),
            inputs=_inputs(office, tx, goal, task),
            given=changes.given(tx, task),
            sources=sources_for(office, tx, goal, task),
            drafts=drafts,
            text=tx.text(drafts[-1].text_hash) if drafts else None,
            earlier=tx.text(earlier[0].text_hash) if earlier else None,
            by_edits=_by_edits(tx, task, reviews),
            asked=_asked(task, drafts, reviews),
            mended=any("mended" in review.document for review in reviews if review.draft in recent),
            told_of_repeats=any("repeats" in review.document for review in reviews),
            for_repeats=any("repeats" in review.document for review in reviews if review.draft == task.basis),
            learnings=_learnings(tx, goal, task),
            record=_record(tx, goal, task) if task.kind is StepKind.REPORT else "",
        )


def context_of(tx: Tx, goal: Goal) -> str | None:
    """The product context as it was when the goal was given."""
    return None if goal.context_hash is None else tx.text(goal.context_hash)


def plan_of(tx: Tx, goal: Goal, task: Task | None = None) -> Plan:
    """
    The goal's plan; with *task*, as it was when that one's current revision was begun: changed meanwhile, its prompts stay what
    they were, and nothing of it is bought twice.
    """
    kept = None if task is None or task.plan_hash is None else tx.text(task.plan_hash)
    return from_document(goal.plan if kept is None else json.loads(kept))


def planned_of(tx: Tx, goal: Goal, task: Task) -> PlannedTask:
    """The task as the plan has it."""
    return next(planned for planned in plan_of(tx, goal, task).tasks if planned.key == task.key)


def situation_of(tx: Tx, goal: Goal, task: Task | None = None) -> Situation:
    """The day, the plan (of *task*, as in `plan_of`), and the event that started the goal, as every prompt tells them."""
    behind = tx.events.behind(goal.id)
    plan = None if goal.plan is None else plan_of(tx, goal, task)
    return Situation(
        goal.day,
        () if plan is None else plan.tasks,
        None if behind is None else Happened(behind[0].source, behind[0].type, behind[0].data),
        () if plan is None else plan.unknowns,
        "" if plan is None else plan.sketch,
    )


def deliverable_of(tx: Tx, task: Task) -> str | None:
    """The approved text of a task."""
    return None if task.deliverable is None else tx.text(tx.drafts.get(task.deliverable).text_hash)


def not_mended(tx: Tx, task: Task) -> tuple[str, ...]:
    """
    What reviewers found in the approved version of *task*, worst first: it was good enough, and nobody changed it. What they
    would only suggest is no fault, and nobody's business but its author's.
    """
    findings: list[Finding] = []
    certain: list[str] = []
    for review in tx.reviews.of_task(task.id):
        if review.draft == task.deliverable:
            findings += [Finding.model_validate(found) for found in review.document.get("findings", ())]
            certain += review.document.get("certain", ())
    return (*certain, *(str(finding) for finding in worst_first(findings) if finding.severity != "suggestion"))


def _by_edits(tx: Tx, task: Task, reviews: Sequence[Review]) -> bool:
    """
    Whether who sent the draft back last found faults in it that have places, and did not ask for a new text; or a person asks
    for a change of what was approved, which is good but for that.
    """
    if task.kind is not StepKind.REPORT and changes.is_asked_of(tx, task):
        return True
    judged = next((review for review in reversed(reviews) if review.draft == task.basis), None)
    if judged is None or judged.verdict != "revise" or task.kind is StepKind.REPORT:
        return False
    return bool(judged.document.get("findings")) and not judged.document.get("rewrite", True)


def _asked(task: Task, drafts: Sequence[Draft], reviews: Sequence[Review]) -> int:
    made = {review.draft for review in reviews if not {"mended", "corrected"}.isdisjoint(review.document)}
    asked = task.revision
    for draft in reversed(drafts):
        if draft.revision != asked or draft.id not in made:
            break
        asked -= 1
    return asked


def _learnings(tx: Tx, goal: Goal, task: Task) -> str:
    kept = tx.learnings.recalled(task.id)
    # A person may have changed what the goal is meanwhile: what was rehearsed teaches nothing that is paid for.
    return kept.text if kept is not None and kept.rehearsal == goal.rehearsal else ""


def _record(tx: Tx, goal: Goal, task: Task) -> str:
    # As it was when the report was begun: asked again after a crash, or revised, it is about the same facts.
    return performance_record.as_markdown(tx, before=goal) if task.record_hash is None else tx.text(task.record_hash)


def sources_for(office: Office, tx: Tx, goal: Goal, task: Task) -> tuple[Source, ...]:
    """What vouches for what a deliverable of *task* states: the context, the owner's words, its brief, its references."""
    plan = plan_of(tx, goal, task)
    planned = [plan.sketch]
    for one in plan.tasks:
        planned += [one.brief, *one.pieces]
    return sources_of(
        context=context_of(tx, goal),
        goal=goal.text,
        brief=task.brief,
        plan="\n\n".join(filter(None, planned)),
        skill=office.skills.get(task.skill),
    )


def as_input(office: Office, tx: Tx, goal: Goal, task: Task, text: str, *, whole: bool = True) -> Input:
    """The approved *text* of *task* as it is shown to others, with what is open about it."""
    stated = listed(open_facts(text, sources_for(office, tx, goal, task)))
    return Input(task.skill, text, whole, not_mended(tx, task), stated)


def _inputs(office: Office, tx: Tx, goal: Goal, task: Task) -> tuple[Input, ...]:
    """Approved deliverables of what the task needs, whole, in the plan's order; of their ancestors, in summary."""
    found = [
        as_input(office, tx, goal, other, text, whole=is_whole)
        for other, is_whole in built_on(tx, task)
        if (text := deliverable_of(tx, other)) is not None
    ]
    # What is whole stands last, nearest to the task it is for.
    return tuple(sorted(found, key=lambda given: given.whole))


def built_on(tx: Tx, task: Task) -> list[tuple[Task, bool]]:
    """The tasks whose deliverables the task needs, shown whole, in the plan's order; and their ancestors, shown in summary."""
    tasks = {found.id: found for found in tx.tasks.of_goal(task.goal)}
    those = changes.builds_on(tasks, tx.tasks.needs(task.goal), task)
    return [(tasks[ident], whole) for ident, whole in those.items()]
