"""
The reviewer's turn, and a colleague's: the certain checks, then Claude with the rubric, then the engine's verdict. What the
reviewer found in a draft that is good enough is mended in the same turn.
"""

from dataclasses import replace

from director.calls.ask import ask_for
from director.files.mirror import mirror_task
from director.mailbox import turns
from director.mailbox.turns import Held
from director.office import DIRECTOR, REVIEWER, Office
from director.progress import replanning
from director.progress.advance import advance, go_on
from director.progress.facts import Facts, gather
from director.progress.open_facts import listed, open_facts
from director.progress.questions import PERSON
from director.progress.roles import model_of, reviewing_model, skill_of
from director.prompting import reviewing
from director.prompting.forms import ReviewForm, worst_first
from director.prompting.request import Request
from director.store.tx import Tx
from director.tasks import checks, on_verdict, performance_report, repeats
from director.tasks.known_error import measured
from director.tasks.mend import Mended, mend
from director.tasks.performance_report import REPORTER
from director.tasks.verdicts import Approve, Escalate, Revise, Verdict, decide
from director.words.errors import Impossible, ModelUnreadable, StaleState
from director.words.models import Draft, Task
from director.words.scores import is_rehearsed
from director.words.states import TaskState
from pipelines.plan import StepKind
from skills import markdown
from skills.loader import Rubric, Skill


def review(office: Office, held: Held) -> None:
    """
    Judge the task's latest draft. Caused by a draft being kept.

    Raises:
        Impossible: the reviewer says that the brief cannot be fulfilled, and the Director was not asked about that yet. What it
            found of the draft is kept.
        As `calls.ask`.
    """
    facts = gather(office, held.turn.subject)
    go_on(office, facts.goal, by=REVIEWER)
    draft, text = _latest(facts)
    skill = _discipline(office, facts.task)
    verdict, document = _certain(text, skill, facts, draft)
    mended: Mended | None = None
    if verdict is None:
        with office.store.read() as tx:
            said_twice = repeats.sent_back(tx, facts, text)
        if said_twice:
            verdict, document = said_twice
    if verdict is None:
        request = reviewing.review(
            skill=skill,
            task=facts.planned,
            model=reviewing_model(office),
            goal=facts.goal.text,
            brief=facts.task.brief,
            context=facts.context,
            situation=facts.situation,
            deliverable=text,
            revision=facts.task.revision,
            inputs=facts.inputs,
            notes=facts.task.notes,
            earlier=facts.earlier if facts.by_edits else None,
            open_facts=listed(open_facts(text, facts.with_inputs())),
        )
        found = ask_for(office, held, request, ReviewForm, about=f"The review of {held.turn.subject}")
        weightless = _weightless(office, held)
        verdict = decide(found, skill.rubric, rehearsed=_rehearsed(office, held), weightless=weightless)
        document = found.model_dump() | ({"weightless": list(weightless)} if weightless else {})
        if isinstance(verdict, Approve):
            mended = mend(office, held, facts, skill, text, found)
        elif why := found.impossible.strip():
            _put_to_director(office, held, facts, draft, verdict, document, why)
    with office.store.write() as tx:
        tx.goals.get(facts.goal.id, lock=True)
        turns.finish(tx, held)
        tx.drafts.set_score(draft, verdict.score)
        _keep(tx, draft, verdict, document, by=REVIEWER)
        if mended:
            _approve_mended(tx, office, facts.task, draft, mended, verdict)
        else:
            on_verdict.apply(tx, office, facts.task, draft, verdict, by=REVIEWER, said_by=REVIEWER, cause=held.turn.id)
        advance(tx, facts.goal.id, by=held.turn.actor)
    mirror_task(office, facts.task.id)


def judge(office: Office, held: Held) -> None:
    """
    A review that is a step of the plan: a specialist, or the Director, judges another task's approved deliverable.

    Caused by that task's approval. Approve: this task is approved too, its deliverable is the review. Revise: the target goes
    back to its author, and this task waits for the new version.
    """
    mine = gather(office, held.turn.subject)
    go_on(office, mine.goal, by=mine.task.skill)
    target = gather(office, mine.task.target or "")
    draft = next((found for found in target.drafts if found.id == target.task.deliverable), None)
    if draft is None:
        raise StaleState(f"task {target.task.id} has no deliverable to review any more")
    skill = _discipline(office, target.task)
    with office.store.read() as tx:
        text = tx.text(draft.text_hash)
        taken = any(
            found.draft == draft.id and found.by == PERSON and found.verdict == "approve"
            for found in tx.reviews.of_task(target.task.id)
        )
    verdict: Verdict
    document: dict[str, object]
    if taken:
        # Whether it is good enough was decided by somebody who may; asking again would only ask that person again.
        verdict, document, written = Approve(draft.score or 0.0), {}, _taken_as_markdown(mine, target)
    else:
        request = reviewing.review(
            skill=skill,
            task=target.planned,
            model=model_of(office, mine.task.skill),
            goal=mine.goal.text,
            brief=mine.task.brief,
            context=mine.context,
            situation=mine.situation,
            deliverable=text,
            revision=target.task.revision,
            inputs=target.inputs,
            open_facts=listed(open_facts(text, target.with_inputs())),
            by=None if mine.task.skill == DIRECTOR else skill_of(office, mine.task.skill),
        )
        verdict, document = _judged(office, held, request, skill.rubric)
        written = _as_markdown(mine, target, verdict, document, rehearsed=_rehearsed(office, held))
    with office.store.write() as tx:
        tx.goals.get(mine.goal.id, lock=True)
        turns.finish(tx, held)
        _keep(tx, draft, verdict, document, by=mine.task.id)
        if isinstance(verdict, Approve):
            review_draft = tx.drafts.add(mine.task, written, cut_off=False)
            on_verdict.approve(tx, office, mine.task, review_draft, verdict.score, by=mine.task.skill)
        else:
            tx.tasks.move(
                mine.task, TaskState.PLANNED, by=mine.task.skill, revision=mine.task.revision + 1, plan_hash=None
            )
            on_verdict.apply(
                tx, office, target.task, draft, verdict, by=mine.task.skill, said_by=mine.task.id, cause=held.turn.id
            )
        advance(tx, mine.goal.id, by=mine.task.skill)
    mirror_task(office, mine.task.id)


def _put_to_director(
    office: Office, held: Held, facts: Facts, draft: Draft, verdict: Verdict, document: dict[str, object], why: str
) -> None:
    """Where it may be re-planned, a brief that cannot be fulfilled is no matter of another revision."""
    with office.store.write() as tx:
        turns.check(tx, held)
        if not replanning.is_possible(tx, facts.task):
            return
        tx.drafts.set_score(draft, verdict.score)
        _keep(tx, draft, verdict, document, by=REVIEWER)
    raise Impossible("reviewer", why)


def _certain(text: str, skill: Skill, facts: Facts, draft: Draft) -> tuple[Verdict | None, dict[str, object]]:
    if checks.is_empty(text):
        reason = "The draft is empty."
        return Escalate(0.0, reason), {"certain": [reason]}
    faults = checks.faults(text, skill, facts.planned, cut_off=draft.cut_off)
    if facts.task.kind is StepKind.REPORT:
        faults = (*faults, *filter(None, [performance_report.fault(text, _known(facts))]))
    if faults:
        return Revise(None, "\n".join(f"- {fault}" for fault in faults)), {"certain": list(faults)}
    return None, {}


def _known(facts: Facts) -> list[str]:
    """The texts a report may have its figures from: what its author was given, and what a person said of it."""
    given = [facts.record, facts.goal.text, facts.task.brief, *facts.situation.told()]
    given += [one.text for one in facts.inputs]
    notes = facts.task.notes or ""
    return [*given, notes] if notes.startswith(on_verdict.A_PERSON_ASKS) else given


def _judged(office: Office, held: Held, request: Request, rubric: Rubric) -> tuple[Verdict, dict[str, object]]:
    found = ask_for(office, held, request, ReviewForm, about=f"The review of {held.turn.subject}")
    return decide(found, rubric, rehearsed=_rehearsed(office, held)), found.model_dump()


def _weightless(office: Office, held: Held) -> tuple[str, ...]:
    """The dimensions that decide nothing, by what is known of the model that reviewed just now; of a rehearsal none."""
    with office.store.read() as tx:
        asked = (call for call in reversed(tx.calls.of_goal(held.turn.goal or "")) if call.turn == held.turn.id)
        call = next((call for call in asked if call.purpose == "review"), None)
        if call is None or call.rehearsal:
            return ()
        return measured(tx, office.skills, call.answered_by, rehearsal=False).weightless


def _rehearsed(office: Office, held: Held) -> bool:
    with office.store.read() as tx:
        return is_rehearsed(tx.calls.of_goal(held.turn.goal or ""), reviewed_for=held.turn.subject)


def _keep(tx: Tx, draft: Draft, verdict: Verdict, document: dict[str, object], *, by: str) -> None:
    tx.reviews.add(draft, by=by, verdict=type(verdict).__name__.lower(), score=verdict.score, document=document)


def _approve_mended(tx: Tx, office: Office, task: Task, of: Draft, mended: Mended, verdict: Verdict) -> None:
    """The mended version is the next revision, and the deliverable, with the score of the one it was made from."""
    tx.tasks.change(task.id, revision=task.revision + 1)
    draft = tx.drafts.add(replace(task, revision=task.revision + 1), mended.text, cut_off=False, inputs=of.inputs)
    tx.drafts.set_score(draft, verdict.score)
    _keep(tx, draft, verdict, mended.document, by=REVIEWER)
    on_verdict.approve(tx, office, task, draft, verdict.score, by=REVIEWER, told=mended.said)


def _latest(facts: Facts) -> tuple[Draft, str]:
    if not facts.drafts or facts.text is None:
        raise ModelUnreadable(f"Task {facts.task.id} has no draft to review.")
    return facts.drafts[-1], facts.text


def _discipline(office: Office, task: Task) -> Skill:
    return REPORTER if task.skill == DIRECTOR else skill_of(office, task.skill)


def _taken_as_markdown(mine: Facts, target: Facts) -> str:
    return (
        f"# Review of {target.task.skill} by {mine.task.skill}\n\n"
        "A person took this version after the reviewer had sent it to them, so it was not reviewed once more."
    )


def _as_markdown(mine: Facts, target: Facts, verdict: Verdict, document: dict[str, object], *, rehearsed: bool) -> str:
    found = ReviewForm.model_validate(document)
    scores = [
        "| dimension | score |",
        "|---|---|",
        *(f"| {name.replace('_', ' ')} | {score:g} |" for name, score in found.scores.model_dump().items()),
    ]
    overall = "" if rehearsed else f" Overall {verdict.score or 0:.1f} of 10."
    lines = [
        f"# Review of {target.task.skill} by {mine.task.skill}",
        "",
        f"{markdown.as_paragraphs(found.summary)}{overall}",
        "",
        "## Scores",
        "",
        *(["None: this is a rehearsal, so nobody judged it."] if rehearsed else scores),
        "",
        "## Findings",
        "",
        *(f"- {markdown.as_line(str(finding))}" for finding in worst_first(found.findings)),
    ]
    if not found.findings:
        lines.append("None.")
    return "\n".join(lines)
