"""
Whoever wrote it, a text takes time in proportion to its length.

While a pattern or a loop runs by the square, the process does nothing else: no other turn, no lease, no signal.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from director.catalog import Catalog
from director.claude.rehearsal.service import Rehearsal, Script
from director.evidence.facts import facts_in
from director.evidence.tracing import Source, Where, untraced
from director.files import mirror, printable
from director.goals.submit import check_text
from director.prompting import concluding, drafting, pieces, planning, reviewing
from director.prompting.drafting import Input, Revision
from director.prompting.fences import fence
from director.prompting.forms import Conclusion, PlanForm, ReviewForm, Unreadable, in_strings, read
from director.prompting.knowledge import knowledge
from director.prompting.pieces import Piece, Use
from director.prompting.request import Request
from director.tasks import checks
from director.tasks.sameness import pairs
from director.tasks.variants import variants
from director.words.errors import WrongCall
from director.words.redaction import blank, find
from director.words.settings import Settings
from pipelines import template
from pipelines.plan import PipelineError, Plan, PlannedTask, StepKind
from skills import context, documents, notes, rules, skill_folder
from skills.loader import Skill
from tests.conftest import A_TASK, SITUATION
from tests.director.tasks.test_checks import KEYS
from tests.hard_texts import MOST_GROWTH, SHAPES, growth, repeated
from tests.patterns import Applied, applied, hard_on, made_while_running

CATALOG = Catalog(Settings())
SKILLS, PARTS = CATALOG.roster.skills, CATALOG.parts
COPYWRITING, WRITER = SKILLS["copywriting"], SKILLS[context.WRITER]
MODEL = "claude-sonnet-5-5"

#: Characters of the longest text: a pattern shows itself in few; loops are quicker, so they need more.
FOR_A_PATTERN, FOR_A_READER = 4_000, 32_000

#: Readers that do so much with each word that fewer of them show it.
LONG_READERS = ("facts of a draft", "facts that are traced", "a piece that is printed")
FOR_A_LONG_READER = 4_000

draft = partial(
    drafting.draft, skill=COPYWRITING, task=A_TASK, model=MODEL, goal="Sell gnomes", context=None, situation=SITUATION
)
review = partial(
    reviewing.review,
    skill=COPYWRITING,
    task=A_TASK,
    model=MODEL,
    goal="Sell gnomes",
    brief="",
    context=None,
    situation=SITUATION,
    revision=0,
)
conclude = partial(concluding.conclude, model=MODEL, goal="Sell gnomes", context=None, situation=SITUATION)
report = partial(
    concluding.performance_report,
    model=MODEL,
    goal="Sell gnomes",
    brief="",
    context=None,
    situation=SITUATION,
    inputs=(),
    requirements="",
)


#: With one in it, a text is looked through for all of them.
SECRET = f" {KEYS['a SendGrid key']} gnome-secret "


def plan(text: str) -> Request:
    usual = Plan((PlannedTask("copywriting", "copywriting", StepKind.DRAFT, ()),), source="claude")
    return planning.plan(
        model=MODEL, goal="Sell gnomes", category="content", context=text, situation=SITUATION,
        skills=SKILLS, pipelines=(), routing="", ready_made=(usual,), money_left="$1.00", refused=(text,),
    )  # fmt: skip


def rehearsed(request: Request) -> None:
    assert Rehearsal(Script()).reply(request.body()).status == 200


def guest(text: str) -> Skill:
    """A skill somebody else wrote, as it is shown."""
    return replace(COPYWRITING, name="gnome-zoo", text=text)


def outlined(text: str) -> Skill:
    return guest(f"# Gnomes\n\n## Method\n\n{text}\n\n## Deliverable\n\n### Brief\n\n{text}")


def in_a_section(text: str) -> str:
    return f"# Gnomes\n\n## Goals\n\n{text}"


def or_unreadable(read_it: Callable[[str], object]) -> Callable[[str], None]:
    """What is refused with a sentence is as good as read."""

    def reader(text: str) -> None:
        with suppress(Unreadable, documents.Unreadable, WrongCall):
            read_it(text)

    return reader


class _Reference:
    """A reference of a skill, without a file."""

    title, path = "Gnomes", COPYWRITING.folder / "references" / "gnomes.md"

    def __init__(self, text: str) -> None:
        self.text = text


#: Everything that is given text from outside, by what the text is.
READERS: dict[str, Callable[[str], object]] = {
    "an answer that is heard": blank,
    "a structured answer that is heard": lambda text: in_strings(f'["{text}"]', blank),
    "an answer with secrets": lambda text: find(blank(f"{SECRET}{text}{SECRET}", ["gnome-secret"])),
    "a draft that is checked": lambda text: checks.faults(text, COPYWRITING, A_TASK, cut_off=False),
    "a draft that may be empty": checks.is_empty,
    "facts of a draft": facts_in,
    "facts that are traced": lambda text: untraced(text, [Source("context", Where.CONTEXT, text)]),
    "a text that is fenced": lambda text: fence("input", text, by=text),
    "a deliverable in summary": pieces.summary,
    "a plan": or_unreadable(partial(read, PlanForm)),
    "a review": or_unreadable(partial(read, ReviewForm)),
    "a conclusion in a fence": or_unreadable(lambda text: read(Conclusion, f"```json\n{text}")),
    "a goal": or_unreadable(check_text),
    "references": lambda text: knowledge(replace(COPYWRITING, references=(_Reference(text),) * 9), about="gnomes"),
    "a deliverable that is taken apart": lambda text: pieces.for_others(
        f'<piece title="Gnomes">\n{text}\n</piece>\n{text}'
    ),
    "variants that are compared": lambda text: pairs(
        variants(f'<piece title="Headlines">\n{text}\n</piece>\n<piece title="Mail">\n{text}\n</piece>')
    ),
    "lines of pieces": lambda text: pieces.take_apart(f"<piece {text}\n" * 9 + f'<piece title="{text[:90]}">\n{text}'),
    "a piece that is printed": lambda text: (
        printable.page(Piece("Gnomes", Use.PRINT, text)),
        printable.sheet(text),
        printable.with_breaks(text),
    ),
    "a deliverable in a file": lambda text: mirror.document({"goal": text[:4_000]}, text),
    "notes": lambda text: notes.sort(text, PARTS),
    "a context": lambda text: context.judge(text, PARTS, WRITER),
    "a section of a context": lambda text: context.judge(in_a_section(text), PARTS, WRITER),
    "answers to questions": lambda text: context.compose(text, {"Goals": text}, PARTS, text),
    "what a skill reads first": lambda text: context.read_by(guest(f"## Read first\n{text}"), PARTS),
    "YAML": or_unreadable(documents.yaml_in),
    "a value in YAML": or_unreadable(lambda text: documents.yaml_in(f"a: {text}")),
    "a context in rehearsal": lambda text: rehearsed(draft(context=text)),
    "a section in rehearsal": lambda text: rehearsed(draft(context=in_a_section(text))),
    "a context that is rewritten in rehearsal": lambda text: rehearsed(draft(skill=WRITER, context=in_a_section(text))),
    "a brief in rehearsal": lambda text: rehearsed(draft(task=replace(A_TASK, brief=text))),
    "an earlier draft and its notes in rehearsal": lambda text: rehearsed(draft(revision=Revision(1, text, text))),
    "an input in rehearsal": lambda text: rehearsed(draft(inputs=(Input("gnome-zoo", text),))),
    "somebody's skill in rehearsal": lambda text: rehearsed(draft(skill=guest(text))),
    "somebody's outline in rehearsal": lambda text: rehearsed(draft(skill=outlined(text))),
    "a deliverable that is reviewed in rehearsal": lambda text: rehearsed(review(deliverable=in_a_section(text))),
    "deliverables in rehearsal": lambda text: rehearsed(conclude(deliverables=(Input("gnome-zoo", text),))),
    "a record in rehearsal": lambda text: rehearsed(report(record=f"| goal | cost |\n{text}")),
    "a plan in rehearsal": lambda text: rehearsed(plan(text)),
}


@pytest.mark.parametrize("one", applied(), ids=lambda one: one.where)
def test_every_pattern_takes_time_in_proportion(one: Applied) -> None:
    """
    On texts made to be hard on it: whatever leads to one of its repetitions, and then every character it knows.

    A new pattern is found by itself. One that has to run by the square is written some other way: line by line, with a bound
    (`{0,300}`), without a way back (`*+`), or begun only where a run begins (`(?<!\\s)\\s*`).
    """
    for way in one.ways:
        work = getattr(one.pattern, way)
        for before, again in hard_on(one.pattern):
            for end in ("", "\n"):
                grown = growth(
                    work,
                    lambda length, made=(before, again), end=end: repeated(*made, length) + end,
                    FOR_A_PATTERN,
                    unseen_s=0.0015,
                )
                assert grown <= MOST_GROWTH, f"{way} on {before!r} and {again!r} over and over"


def test_no_pattern_is_made_of_what_a_function_is_given() -> None:
    """
    The one before could not see it. Where its parts are our own a comment beside it says so: `# own text: why`.
    """
    assert [] == made_while_running()


@pytest.mark.parametrize("reader", READERS)
def test_every_text_from_outside_takes_time_in_proportion(reader: str) -> None:
    """
    Of a length that is allowed, whatever it is made of; with all that is done with it, loops as well as patterns.
    """
    length = FOR_A_LONG_READER if reader in LONG_READERS else FOR_A_READER
    found = {shape: growth(READERS[reader], make, length, unseen_s=0.01) for shape, make in SHAPES.items()}

    assert {} == {shape: grown for shape, grown in found.items() if grown > MOST_GROWTH}


@pytest.mark.parametrize(
    "form", ["@", "name: '@'", "name: g\ndescription: d\npriority: P1\nsteps:\n- '@'", "name: g\nsteps:\n- @"]
)
def test_a_pipelines_file_takes_time_in_proportion(tmp_path: Path, form: str) -> None:
    """
    Whatever it is made of, or one of its fields.
    """
    file = tmp_path / "gnome.yaml"

    def look(text: str) -> None:
        file.write_text(form.replace("@", text.replace("'", "''") if "'" in form else text))
        with suppress(PipelineError):
            template.read(file)

    found = {shape: growth(look, make, FOR_A_READER, unseen_s=0.01) for shape, make in SHAPES.items()}

    assert {} == {shape: grown for shape, grown in found.items() if grown > MOST_GROWTH}


@pytest.mark.parametrize("outline", [False, True])
def test_a_skills_folder_takes_time_in_proportion(tmp_path: Path, outline: bool) -> None:
    """
    Whatever its SKILL.md is made of, also where sections are named in its front matter.
    """
    folder = tmp_path / "gnome-zoo"
    folder.mkdir()

    def look(text: str) -> None:
        titles = re.sub(r"[\W_]+", "|", text) if outline else "Gnomes"
        front = f"name: gnome-zoo\ndescription: Gnomes.\nmetadata:\n  required-sections: 'a|{titles}'"
        body = f"## Deliverable\n\n### Gnomes\n\n{text}" if outline else text
        (folder / "SKILL.md").write_text(f"---\n{front}\n---\n{body}")
        rules.faults_of(skill_folder.read(folder), ())

    found = {shape: growth(look, make, FOR_A_READER, unseen_s=0.01) for shape, make in SHAPES.items()}

    assert {} == {shape: grown for shape, grown in found.items() if grown > MOST_GROWTH}


def test_many_sections_that_are_named_and_outlined_take_time_in_proportion(tmp_path: Path) -> None:
    """
    Each is looked up among the others.
    """
    folder = tmp_path / "gnome-zoo"
    folder.mkdir()

    def look(text: str) -> None:
        count, _, end = text.partition(" ")
        names = [f"g{number}" for number in range(int(count))]
        front = f"name: gnome-zoo\ndescription: Gnomes.\nmetadata:\n  required-sections: '{'|'.join(names)}|{end}'"
        body = "## Deliverable\n\n" + "\n".join(f"### {name}" for name in reversed(names))
        (folder / "SKILL.md").write_text(f"---\n{front}\n---\n{body}")
        skill_folder.read(folder)

    assert growth(look, lambda count: f"{count} ", 8_000, unseen_s=0.01) <= MOST_GROWTH
