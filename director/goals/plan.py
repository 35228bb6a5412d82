"""The Director's first turn: a goal becomes tasks and the order between them, stored before money is spent on them."""

import logging
from collections.abc import Sequence

from director.calls.ask import ask
from director.goals import checked, fitting, forecast, infer_business, past
from director.goals.checked import Refused
from director.goals.infer_category import NOBODY_SAID, recognised
from director.goals.past import Past
from director.mailbox import turns
from director.mailbox.turns import Held
from director.memory import recall
from director.office import DIRECTOR, Office
from director.progress import questions
from director.progress.advance import advance, awake, go_on
from director.progress.facts import context_of, situation_of
from director.progress.roles import model_of
from director.prompting import planning
from director.prompting.forms import PlanForm, Unreadable, read
from director.prompting.situation import LONGEST_SKETCH, Situation
from director.words.amounts import usd
from director.words.characters import shortened
from director.words.models import Goal
from director.words.states import Category, GoalState, PlanBy
from pipelines import routing
from pipelines.plan import MOST_TASKS_OF_CLAUDE, BrokenPlan, Plan, Unknown, in_order, to_document
from pipelines.template import Template

_log = logging.getLogger(__name__)


def plan(office: Office, held: Held) -> None:
    """
    Make and store the goal's plan. Caused by the goal being given.

    The stored plan is what runs: editing a template later changes nothing. Where a person has to agree first, an approval is
    opened and no task starts.
    """
    with office.store.read() as tx:
        goal = tx.goals.get(held.turn.subject)
        context, situation = context_of(tx, goal), situation_of(tx, goal)
        before = past.of_brand(tx, goal.brand, rehearsal=office.claude.rehearses)
    go_on(office, goal, by=DIRECTOR)
    made, category = _make(office, held, goal, context, situation, before)
    tasks = "1 task" if len(made.tasks) == 1 else f"{len(made.tasks)} tasks"
    with office.store.read() as tx:
        spent_nano = tx.calls.costs([goal.id]).get(goal.id, 0)
    expected = _expected(office, made, context, before, spent_nano=spent_nano)
    with office.store.write() as tx:
        goal = awake(tx, tx.goals.get(goal.id, lock=True), by=DIRECTOR)
        turns.finish(tx, held)
        tx.tasks.add(goal, made)
        tx.goals.change(goal.id, plan=to_document(made), forecast=expected.to_document(), category=category)
        tx.note(goal.id, goal.id, "planned", by=DIRECTOR, detail=f"{tasks}, {made.source}")
        about = fitting.about_plan(tx, office, goal, expected, spent_nano=spent_nano)
        if goal.confirm or about.raises:
            asked = fitting.question(tx, office, goal, expected, about, tasks=len(made.tasks))
            questions.ask(tx, goal, about, asked, version="1", due_at=fitting.due_at(tx, office, about))
        else:
            tx.goals.move(goal, GoalState.RUNNING, by=DIRECTOR)
        advance(tx, goal.id, by=DIRECTOR)


def ready_made(office: Office, goal: Goal, about: infer_business.Recognised) -> tuple[Plan, ...]:
    """
    The plans there are without Claude, the one that is taken first: the pipeline that was named, else those of the category
    that fit what the product context is *about*, else the routing table's.
    """
    if goal.pipeline is not None:
        return (office.library.find(goal.pipeline).plan(),)
    found = office.library.for_category(goal.category, about.business)
    plans = tuple(template.plan(_whom_it_is_for(template, about, found)) for template in found)
    return plans or (routing.plan_for(goal.category, office.roster.consumers),)


def _whom_it_is_for(template: Template, about: infer_business.Recognised, found: Sequence[Template]) -> str:
    if template.business is None:
        return ""
    whom = f"It is for {template.business.said}"
    if about.business:
        return f"{whom}, because the product context has {', '.join(f'“{word}”' for word in about.words)}."
    others = [
        f"{one.name} is for {one.business.said}" for one in found if one.business not in (None, template.business)
    ]
    return f"{whom}{''.join(f'; {other}' for other in others)}. The product context does not say clearly which it is about."


def _expected(
    office: Office, made: Plan, context: str | None, before: Past, *, spent_nano: int = 0
) -> forecast.Forecast:
    return forecast.of(office, made, context, before, paid=not office.claude.rehearses, spent_nano=spent_nano)


def _make(
    office: Office, held: Held, goal: Goal, context: str | None, situation: Situation, before: Past
) -> tuple[Plan, Category]:
    about = infer_business.recognised(context)
    offered = ready_made(office, goal, about)
    first = offered[0]
    # Where no word of the goal says the category, its plan is about something else; a rehearsal has no other to show.
    is_guessed = goal.category == NOBODY_SAID and recognised(goal.text) is None and not office.claude.rehearses
    if goal.plan_by == PlanBy.TEMPLATE or goal.pipeline is not None:
        return first, goal.category
    learnings = recall.for_plan(office, goal, office.skills)
    refused: tuple[str, ...] = ()
    for step in ("plan", "plan-again"):
        request = planning.plan(
            model=model_of(office, DIRECTOR),
            goal=goal.text,
            category="unknown" if is_guessed else goal.category,
            context=context,
            situation=situation,
            skills=office.skills,
            pipelines=[_pipeline_line(template) for template in office.library.fitting(about.business)],
            routing=routing.as_text(),
            ready_made=() if is_guessed else offered,
            # As it was given: asked again after a person gave more, it is the same request, and its answer is there.
            money_left=usd(goal.given_nano),
            learnings=learnings,
            refused=refused,
        )
        answer = ask(office, held, request, step=step)
        try:
            found = read(PlanForm, answer.text)
            # A second plan is not refused for its form alone: the ready-made one would be worse.
            made = _checked(office, goal, found, context, before, to_the_letter=not refused)
            return made, Category(found.category)
        except Refused as problem:
            refused = problem.reasons
        except Unreadable as problem:
            refused = (f"The answer could not be read: {problem}",)
        _log.info("the plan of %s was not taken: %s", goal.id, " ".join(refused))
    note = f"Claude's plans were not taken ({' '.join(refused)}); this is the ready-made one. {first.note}"
    return Plan(first.tasks, first.source, note.strip()), goal.category


def _checked(
    office: Office, goal: Goal, found: PlanForm, context: str | None, before: Past, *, to_the_letter: bool
) -> Plan:
    tasks = [checked.as_planned(step) for step in found.tasks]
    checked.see(office, tasks, most=MOST_TASKS_OF_CLAUDE)
    if to_the_letter and (reasons := checked.of_form(found)):
        raise Refused(*reasons)
    try:
        made = Plan(
            in_order(tasks),
            source="claude",
            note=" ".join(found.reasoning.split()),
            sizing=_sized(found),
            unknowns=tuple(
                Unknown(" ".join(one.question.split()), " ".join(one.default.split()))
                for one in found.sizing.unknowns[: checked.MOST_UNKNOWNS]
            ),
            sketch=shortened(checked.sketch_of(found), LONGEST_SKETCH),
        )
    except BrokenPlan as problem:
        raise Refused(str(problem)) from problem
    expected = _expected(office, made, context, before)
    if expected.low_nano > goal.cap_nano:
        raise Refused(f"It would cost {usd(expected.low_nano)} or more; {usd(goal.cap_nano)} is left. Use fewer tasks.")
    return made


def _sized(found: PlanForm) -> dict[str, str]:
    said = found.sizing
    named = {"Whom it can reach": said.reach, "What there is to reach them": said.means,
             "What a week has room for": said.week, "How the effect is seen": said.effect}  # fmt: skip
    return {question: " ".join(answer.split()) for question, answer in named.items() if answer}


def _pipeline_line(template: Template) -> str:
    whom = f" (for {template.business.said})" if template.business else ""
    return f"{template.name}{whom}: {', '.join(task.key for task in template.tasks)}"
