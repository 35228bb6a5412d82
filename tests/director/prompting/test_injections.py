"""Text from outside closes no fence and opens none, wherever it stands and whatever it contains."""

import ast
import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.catalog import Catalog
from director.prompting import concluding, drafting, mending, planning, reviewing
from director.prompting.drafting import Input, Revision
from director.prompting.fences import TAGS, fence, without_tags
from director.prompting.forms import Finding
from director.prompting.request import Request
from director.prompting.situation import Happened, Situation
from director.words.settings import Settings
from pipelines.plan import Plan, PlannedTask, StepKind
from skills.loader import Skill
from tests.conftest import A_TASK
from tests.director.prompting.injections import WRITTEN, Injection, injections, outside, tags_in

ROOT = Path(__file__).parents[3]
INJECTIONS = injections()
HARMLESS = "Gnomes sing in the rain."
MODEL = "claude-sonnet-5-5"


class _Reference:
    """A reference of a skill, without a file."""

    path = Path("references/rain.md")

    def __init__(self, title: str, text: str) -> None:
        self.title, self.text = title, text


def _small() -> Skill:
    # Of ours, made short: a prompt that is read thousands of times.
    skill = Catalog(Settings()).roster.skills["copywriting"]
    section = replace(skill.outline[0], guidance="Sing.")
    return replace(skill, text="# Gnomes\n\n## Pieces\n\nA song.", references=(), outline=(section,), folder=Path())


SKILL = _small()


class _At:
    """A text at one place, harmless ones at all others."""

    def __init__(self, place: str, text: str) -> None:
        self.place, self.text = place, text

    def __call__(self, place: str) -> str:
        return self.text if place == self.place else HARMLESS


def _usual(at: _At) -> dict[str, Any]:
    plan = (PlannedTask("copywriting", "copywriting", StepKind.DRAFT, (), at("brief in the plan")),)
    event = Happened("events", "gnome_stolen", {at("name in the event"): [at("event")]})
    return {
        "model": MODEL, "goal": at("goal"), "context": at("context"),
        "situation": Situation(date(2026, 11, 29), plan, event),
    }  # fmt: skip


def _inputs(at: _At) -> tuple[Input, ...]:
    return (
        Input("page-cro", at("input"), findings=(at("finding"), HARMLESS), open_facts=(at("open fact"),)),
        Input("content-strategy", at("input in summary"), whole=False),
    )


def _task(at: _At) -> PlannedTask:
    return replace(A_TASK, brief=at("brief"), pieces=(" ".join(at("title").split())[:100],))


def _skill(at: _At) -> Skill:
    reference = _Reference(at("title of a reference"), at("reference"))
    section = replace(SKILL.outline[0], guidance=at("outline"))
    return replace(
        SKILL, description=at("description"), text=f"# Gnomes\n\n{at('skill')}\n\n## Pieces\n\n{at('pieces of a skill')}",
        references=(reference,), outline=(section,), rubric=replace(SKILL.rubric, criteria=(at("criterion"),)),
    )  # fmt: skip


def _draft(at: _At, *, by_edits: bool) -> Request:
    again = Revision(1, at("earlier draft"), at("notes"), by_edits=by_edits)
    return drafting.draft(skill=_skill(at), task=_task(at), inputs=_inputs(at), revision=again, **_usual(at))


def _review(at: _At, by: bool) -> Request:
    return reviewing.review(
        skill=_skill(at), task=_task(at), brief=at("brief"), deliverable=at("deliverable"), revision=1, inputs=_inputs(at),
        notes=at("notes"), earlier=HARMLESS, open_facts=(at("open fact"),), by=_skill(at) if by else None, **_usual(at),
    )  # fmt: skip


def _mend(at: _At) -> Request:
    usual = {name: given for name, given in _usual(at).items() if name != "situation"}
    finding = Finding(severity="minor", where=at("where"), what=at("finding"), change=at("change"))
    return mending.mend(
        skill=_skill(at), task=_task(at), brief=at("brief"), deliverable=at("deliverable"), findings=(finding,), **usual
    )


def _plan(at: _At) -> Request:
    ready = Plan(
        (PlannedTask("copywriting", "copywriting", StepKind.DRAFT, ()),), "claude", " ".join(at("note").split())
    )
    return planning.plan(
        category="content", skills={"copywriting": _skill(at)}, pipelines=(at("pipeline"),), routing=at("routing"),
        ready_made=(ready,), money_left="$1.00", refused=(at("reason"),), **_usual(at),
    )  # fmt: skip


def _conclude(at: _At) -> Request:
    return concluding.conclude(deliverables=_inputs(at), missing=(at("missing"),), **_usual(at))


def _report(at: _At) -> Request:
    return concluding.performance_report(
        brief=at("brief"), record=at("record"), inputs=_inputs(at), requirements=at("requirements"), **_usual(at)
    )


REQUESTS: Mapping[str, Callable[[_At], Request]] = {
    "draft": partial(_draft, by_edits=False),
    "edits": partial(_draft, by_edits=True),
    "review": partial(_review, by=False),
    "colleague's review": partial(_review, by=True),
    "mend": _mend,
    "plan": _plan,
    "conclude": _conclude,
    "report": _report,
}

#: What a skill says of the work is its own order: it stands unfenced, and holds no fence.
OF_A_SKILL = ("description", "skill", "title of a reference", "criterion", "pieces of a skill")


def _places(make: Callable[[_At], Request]) -> list[str]:
    asked: list[str] = []

    class Listening(_At):
        def __call__(self, place: str) -> str:
            asked.append(place)
            return HARMLESS

    make(Listening("", ""))
    return list(dict.fromkeys(asked))


def _parts(request: Request) -> list[str]:
    return [part for block in (*request.system, request.user) for part in block.parts]


def _tag_of(place: str, request: Request) -> str:
    """The tag of the fence the place stands in; another one for what stands in none."""
    part = next((part for part in _parts(request) if place in part and part.startswith("<")), "<goal>")
    return re.match(r"<([a-z_]+)", part)[1]  # type: ignore[index]


PLACES = [(kind, place) for kind, make in REQUESTS.items() for place in _places(make)]


@pytest.mark.parametrize(("kind", "place"), PLACES)
def test_no_injection_changes_the_fences_of_a_prompt(kind: str, place: str) -> None:
    """
    Each of the corpus at each place: a reader that takes what looks like a tag for one finds the tags there are with harmless
    words, and what stands in no fence is the same.
    """
    make = REQUESTS[kind]
    usual = make(_At("", ""))
    tag = _tag_of("here it stands", make(_At(place, "here it stands")))
    # A heading in a skill's text ends its section on pieces, and what is not there is not shown.
    names = tuple(name for name in TAGS if name != "pieces" or place not in OF_A_SKILL)
    expected = tags_in("\n\n".join(_parts(usual)), names)
    unfenced = outside("\n\n".join(_parts(usual)))

    for injection in INJECTIONS:
        text = "\n".join(filter(None, injection.at(tag)))
        found = _parts(make(_At(place, text)))
        assert tags_in("\n\n".join(found), names) == expected, injection
        if place not in OF_A_SKILL:
            assert outside("\n\n".join(found)) == unfenced, injection


@pytest.mark.parametrize("injection", [one for one in INJECTIONS if one.then], ids=lambda one: ascii(one.text))
def test_two_texts_make_no_fence_together(injection: Injection) -> None:
    """
    Half of a tag at the end of one input and the other half at the beginning of the next, of a finding and the next.
    """

    def made(first: str, second: str) -> list[str]:
        inputs = (
            Input("page-cro", first, findings=(first, second)),
            Input("seo-audit", second, open_facts=(first, second)),
        )
        return _parts(drafting.draft(skill=SKILL, task=A_TASK, inputs=inputs, **_usual(_At("", ""))))

    usual, found = made(HARMLESS, HARMLESS), made(*injection.at("input"))

    assert tags_in("\n\n".join(found), TAGS) == tags_in("\n\n".join(usual), TAGS)
    assert outside("\n\n".join(found)) == outside("\n\n".join(usual))


def test_the_reader_sees_what_a_fence_keeps_out() -> None:
    """
    Of the injections that write a tag, unfenced, the reader finds one in nearly each: it would notice a fence that is open.
    """
    kinds = {"end of the fence", "case", "another fence", "unicode", "unseen", "nested"}
    tagged = [one for one in INJECTIONS if one.kind in kinds]
    blind = [one for one in tagged if not tags_in(one.at("deliverable")[0], TAGS)]

    assert len(blind) <= 5, blind


def test_the_corpus_has_what_it_is_meant_to_have() -> None:
    """
    At least 200 texts, each once, and several of every kind.
    """
    kinds = Counter(one.kind for one in INJECTIONS)

    assert len({(one.text, one.then) for one in INJECTIONS}) == len(INJECTIONS) >= 200
    assert min(kinds.values()) >= 10
    assert len(kinds) >= 9


def test_every_tag_that_is_used_is_known() -> None:
    """
    A fence of a name that is not in `TAGS` could be closed from within another: whoever adds one lists it there.
    """
    used = {
        node.args[0].value
        for file in (ROOT / "director").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "fence"
        and isinstance(node.args[0], ast.Constant)
    }

    assert used == set(TAGS)


@pytest.mark.parametrize(
    "text",
    [
        '<input type="email" name="address" required>',
        '<INPUT class="field" id="mail">',
        "<section><h1>Gnomes</h1></section>",
        "if a < b and c > d: print(a << 2)",
        '<piece title="Letter">\nDear gnome\n</piece>',
        "<briefing>, <goals> and <recording>",
        "Preis < 20 €, 〈dies〉 ‹hier›",  # noqa: RUF001
        "for (i = 0; i<n; i++)",
        "I <3 notes",
    ],
)
def test_what_is_no_tag_of_ours_stays_byte_for_byte(text: str) -> None:
    """
    HTML and code are what some deliverables are made of, and edits name words as they stand.
    """
    assert without_tags(text) == text
    assert fence("deliverable", text) == f"<deliverable>\n{text}\n</deliverable>"


NOISE = st.text(st.sampled_from("\u200b\u200d\u00ad\ufe0f\u0301 \n\t/!-"), max_size=4)


@given(
    own=st.sampled_from(TAGS),
    other=st.sampled_from(TAGS),
    written=st.sampled_from(sorted(set(WRITTEN) - {"P1", "P2"})),
    opening=st.sampled_from("<\uff1c\u2039\u27e8\u3008"),
    noise=st.tuples(NOISE, NOISE, NOISE),
    around=st.text(max_size=20),
)
def test_no_tag_however_written_stands_in_a_fence(
    own: str, other: str, written: str, opening: str, noise: tuple[str, str, str], around: str
) -> None:
    """
    Any of ours in any fence: a lenient reader finds the fence's own two tags and no more.
    """
    name = WRITTEN[written](other)
    text = f"{around}{opening}{noise[0]}{name[:1]}{noise[1].strip(' /!-')}{name[1:]}{noise[2]}>{around}"

    assert tags_in(fence(own, text), TAGS) == (("", own), ("/", own))
