"""The rehearsal: what it writes, how it fails, what it bills. Asked through the SDK where it could matter."""

import asyncio
import json
import re
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import anthropic
import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.claude.rehearsal.drafting import LABEL, within
from director.claude.rehearsal.service import Rehearsal, Script, Trouble
from director.claude.rehearsal.transport import RehearsalTransport
from director.prompting import concluding, drafting, planning, reviewing
from director.prompting.drafting import Input, Revision
from director.prompting.forms import Conclusion, PlanForm, ReviewForm, read
from director.prompting.pieces import take_apart
from director.prompting.request import Life, Request
from director.tasks.checks import faults
from director.tasks.performance_report import REPORTER
from director.words.errors import WrongSetting
from pipelines.plan import Plan, PlannedTask, StepKind
from skills.loader import OWN, Skill, load
from tests.conftest import A_REPORT, A_TASK, SITUATION
from tests.messages_server import MessagesServer

SKILLS = load([OWN]).skills
EXAMPLES = Path(__file__).parents[4] / "examples"
GNOMES = """# Gnomeland: product marketing context

## Product overview

Gnomeland sells hand-painted garden gnomes by post. Every gnome is fired twice and painted in Thuringia.

## Problems and pain points

- Plastic gnomes fade in one summer.
- Gifts for gardeners are bought in a hurry.

## Proof points

| Claim | Proof | Public use |
|---|---|---|
| Frost does not crack them | a winter on the roof of the workshop | yes |

## Goals

Primary: sell more gnomes before spring. Baseline: Unknown.
"""
GOAL = "Double the orders of singing gnomes"


def request(skill: str = "copywriting", **more: Any) -> Request:
    brief = more.pop("brief", "The landing page of the singing gnome.")
    given = {"goal": GOAL, "context": GNOMES, "situation": SITUATION, **more}
    task = replace(A_TASK, skill=skill, brief=brief)
    return drafting.draft(skill=SKILLS[skill], task=task, model="claude-sonnet-5-5", **given)


def judged(revision: int) -> Request:
    text = document(Rehearsal(Script()), request())
    return reviewing.review(
        skill=SKILLS["copywriting"],
        task=A_TASK,
        model="claude-sonnet-5-5",
        goal=GOAL,
        brief="",
        context=GNOMES,
        situation=SITUATION,
        deliverable=text,
        revision=revision,
    )


def document(rehearsal: Rehearsal, asked: Request) -> str:
    """The text of an answer, without a wire."""
    return text_in(json.loads(rehearsal.reply(asked.body()).body))


def text_in(message: dict[str, Any]) -> str:
    return "".join(block["text"] for block in message["content"] if block["type"] == "text")


def usage(rehearsal: Rehearsal, asked: Request) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(rehearsal.reply(asked.body()).body)["usage"]
    return found


def overall(answer: ReviewForm, skill: Skill) -> float:
    return sum(answer.scores.model_dump()[name] * weight for name, weight in skill.rubric.weights.items())


async def sdk(rehearsal: Rehearsal, body: dict[str, Any], *, timeout_s: float = 5) -> Any:
    http = anthropic.DefaultAsyncHttpxClient(transport=RehearsalTransport(rehearsal))
    async with anthropic.AsyncAnthropic(api_key="rehearsal", http_client=http, max_retries=0) as client:
        raw = await client.messages.with_raw_response.create(**body, timeout=timeout_s)
        return raw, await raw.parse()


def ask(rehearsal: Rehearsal, body: dict[str, Any], **more: Any) -> Any:
    return asyncio.run(sdk(rehearsal, body, **more))


# What it writes


def test_an_answer_comes_through_the_real_sdk_with_request_id_limits_and_usage():
    """The SDK reads a whole message, its headers and its usage; the text is not in the first block."""
    rehearsal = Rehearsal(Script())

    raw, message = ask(rehearsal, request().body())

    assert [block.type for block in message.content] == ["thinking", "text"]
    assert message.stop_reason == "end_turn"
    assert raw.headers["request-id"].startswith("req_")
    assert int(raw.headers["anthropic-ratelimit-input-tokens-remaining"]) > 0
    assert 0 < message.usage.output_tokens_details.thinking_tokens < message.usage.output_tokens


def test_the_digest_of_what_was_asked_is_the_digest_of_the_request():
    """What arrives is what was meant, byte for byte, so `asked` can be read with `Request.digest`."""
    rehearsal = Rehearsal(Script())

    ask(rehearsal, request().body())

    assert {request().digest(): 1} == rehearsal.asked == rehearsal.answered


@pytest.mark.parametrize("context", [GNOMES, None], ids=["context", "no context"])
@pytest.mark.parametrize("skill", sorted(SKILLS))
def test_every_skill_s_draft_passes_the_certain_checks(skill, context):
    """Whatever the skill, the rehearsal's draft has its sections in order, its words, and nothing refused."""
    text = document(Rehearsal(Script()), request(skill, context=context))

    assert faults(text, SKILLS[skill], A_TASK, cut_off=False) == ()
    assert list(SKILLS[skill].required_sections) == re.findall(r"(?m)^## (.+)$", text)
    assert text.split("\n")[2] == LABEL
    assert not re.search(r"<(?!piece title=|/piece>)[a-z/!]", text)


#: Contexts a draft may be given: none, a small one, and the examples people try first.
CONTEXTS = {
    "none": None,
    "small": GNOMES,
    **{folder.parent.name: folder.read_text() for folder in sorted(EXAMPLES.glob("*/product-marketing-context.md"))},
}

#: A goal with whatever may be cut in the wrong place when it is quoted.
AWKWARD = (
    'Sell the "singing" gnome (and “the mute one”) to people who say: "a gnome is a gnome", with what the report says '
    "or, failing that, what the neighbours say (they say a lot, as neighbours do, about gnomes and about the rest)."
)

#: What no line of a rehearsed document has: marks left where something was taken out or cut off.
SLIPS = {
    "a space before a mark": r" [.,;:!?](?=\s|$)",
    "two marks": r"[.,;:…]\s?[.,;:](?=\s|$)|\.\.",
    "two spaces": r"\S  ",
    "an empty bullet": r"^[-*](?: \W*)?$|^[-*] [.,;:)]",
    "an empty label": r"^\*\*[^*]+\*\* *$",
    "empty brackets or marks": r"(?<= )\(\s*\)|“\s*”",
    "a name nobody has": r"# the product|“the product",
}


def slips(text: str) -> list[str]:
    """Whatever in a text would make a reader stumble, with the line."""
    rows = text.split("\n")
    found = [f"{what}: {row}" for row in rows for what, slip in SLIPS.items() if re.search(slip, row)]
    for row in rows:
        pairs = (row.count('"') % 2, row.count("“") - row.count("”"), row.count("(") - row.count(")"))
        nested = re.search(r"“[^”]*[“\"]", row)
        if any(pairs) or nested:
            found.append(f"quotation marks or brackets that do not match: {row}")
    said = [row for row in rows if row]
    for row, following in zip(said, [*said[1:], "# "], strict=True):
        if row.startswith("#") and re.match(r"#{1,2} ", following):
            found.append(f"nothing below a heading: {row}")
        if row.endswith(":") and not re.match(r"- |\d+\. |\|", following):
            found.append(f"nothing after a colon: {row}")
    return found


@pytest.mark.parametrize("context", CONTEXTS)
def test_every_skill_s_draft_reads_without_stumbling(context):
    """Nobody trips over what was taken out or cut off: in drafts of all skills, on work of others, and revised."""
    rehearsal, before, found = Rehearsal(Script()), (), {}

    for skill in sorted(SKILLS):
        asked = {"goal": AWKWARD, "brief": AWKWARD, "context": CONTEXTS[context], "inputs": before}
        first = document(rehearsal, request(skill, **asked))
        notes = f"- major, Handover: {AWKWARD} Change: {AWKWARD}"
        second = document(rehearsal, request(skill, **asked, revision=Revision(1, first, notes)))
        before = (Input(skill, first),)
        if slipped := slips(first) or slips(second):
            found[skill] = slipped

    assert found == {}


@pytest.mark.parametrize("context", CONTEXTS)
def test_plans_reviews_and_conclusions_read_without_stumbling(context):
    """What the Director and the reviewer say about a goal of awkward words, and about drafts for it."""
    rehearsal, text = Rehearsal(Script()), CONTEXTS[context]
    given = [Input(name, document(rehearsal, request(name, goal=AWKWARD, context=text))) for name in sorted(SKILLS)[:6]]
    plan = planning.plan(
        model="claude-opus-5-5", goal=AWKWARD, category="optimization", context=text, situation=SITUATION, skills=SKILLS,
        pipelines=[], routing="", money_left="$1.00",
        ready_made=[Plan((PlannedTask("page-cro", "page-cro", StepKind.DRAFT, ()),), "template:x")],
    )  # fmt: skip
    conclusion = concluding.conclude(
        model="claude-opus-5-5", goal=AWKWARD, context=text, situation=SITUATION, deliverables=given
    )
    reviews = [
        reviewing.review(
            skill=SKILLS[one.skill], task=A_TASK, model="claude-sonnet-5-5", goal=AWKWARD, brief=AWKWARD, context=text,
            situation=SITUATION, deliverable=one.text, revision=0,
        )
        for one in given
    ]  # fmt: skip
    asked = [plan, conclusion, *reviews]

    report = concluding.performance_report(
        model="claude-opus-5-5", goal=AWKWARD, brief="", context=text, situation=SITUATION, inputs=given,
        record="| goal | asked | cost |\n|---|---|---|\n| G1 | Gnomes | $1.27 |\n\nTotal cost: $1.27.",
        requirements=drafting.requirements(REPORTER, A_REPORT), revision=Revision(1, "", f"- major, Cost: {AWKWARD}"),
    )  # fmt: skip

    said = [line for each in asked for line in texts_in(json.loads(document(rehearsal, each)))]

    assert len(said) > 10
    assert slips("\n".join(said)) == []
    assert slips(document(rehearsal, report)) == []


def texts_in(found: Any) -> list[str]:
    """All texts of a document, on a line each."""
    if isinstance(found, dict):
        found = list(found.values())
    if isinstance(found, list):
        return [text for part in found for text in texts_in(part)]
    return [found] if isinstance(found, str) else []


def test_a_section_says_what_is_asked_before_what_is_known():
    """A reader tells the skill's outline from the product's facts, and finds where each fact comes from."""
    text = document(Rehearsal(Script()), request("product-marketing-context"))

    personas = text.partition("## Personas\n")[2].partition("\n## ")[0]
    asked, _, known = personas.partition("From the product context:")
    assert "Asked for here:\n\n- The table below.\n" in asked
    assert " (Proof points)" in known
    assert "| Persona | Job and situation |" in known


def test_a_piece_says_what_is_known_and_leaves_the_words_to_a_writer():
    """Facts of the product context with their places; what the specialist's skill asks of its notes stands behind it."""
    made = take_apart(document(Rehearsal(Script()), request("page-cro")))

    assert [piece.title for piece in made.pieces] == ["Page review"]
    assert " (Product overview)" in made.pieces[0].text
    assert "Asked for here:" in made.section("Assumptions and open facts")


@pytest.mark.parametrize("skill", sorted(SKILLS))
def test_a_table_shows_its_columns_and_decides_nothing(skill):
    """No cell pretends to a judgement: no fact that has nothing to do with its row, no grade that nobody gave."""
    text = document(Rehearsal(Script()), request(skill))
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    below = [row for head, row in zip(rows, rows[2:], strict=False) if set(rows[rows.index(head) + 1]) == {"---"}]

    assert {cell for row in below for cell in row} <= {"1", "to be decided"}
    assert len(rows) == 3 * len(below)


def test_a_review_does_not_claim_that_somebody_judged():
    """What is said of a rehearsed draft is what was looked at."""
    answer = read(ReviewForm, document(Rehearsal(Script()), judged(0)))

    assert "Its shape was checked, its content was judged by nobody." in answer.summary


def test_without_a_context_nothing_is_said_to_be_known():
    """Cells are left to be decided, and no product is given a name."""
    text = document(Rehearsal(Script()), request("product-marketing-context", context=None))

    assert text.startswith("# Product marketing context\n")
    assert "| to be decided | to be decided |" in text
    assert "From the product context" not in text


def test_a_draft_is_made_of_the_context_the_goal_the_brief_and_the_inputs():
    """It names the product, quotes the context, and says what it takes from whom."""
    page = document(Rehearsal(Script()), request("page-cro"))

    text = document(Rehearsal(Script()), request(inputs=[Input("page-cro", page)]))

    assert text.startswith("# Gnomeland: Copywriting\n")
    for words in (
        GOAL,
        "landing page of the singing gnome",
        "Plastic gnomes fade in one summer",
        "From page-cro",
    ):
        assert words in text


def test_the_same_question_has_the_same_answer_byte_for_byte():
    """Neither time, nor how often it was asked, nor the cache changes a word."""
    first, second = Rehearsal(Script()), Rehearsal(Script.parse("seed=7 latency_ms=1-9"))
    document(first, request("page-cro"))

    assert document(first, request()) == document(first, request()) == document(second, request())


def test_a_revision_answers_the_notes_where_they_belong():
    """The revised draft lists each note in the section it is about, and claims nothing about it that is not so."""
    notes = "Overall 5.4 of 10; 7 is needed.\n- major, Handover: only one. Change: add two more angles."
    first = document(Rehearsal(Script()), request())

    second = document(Rehearsal(Script()), request(revision=Revision(1, first, notes)))

    section = second.partition("## Handover\n")[2].partition("\n## ")[0]
    assert first != second
    assert "Asked for in revision 1 and not done, because a rehearsal changes nothing:" in section
    assert "Done" not in second
    assert "add two more angles" in section


def test_what_must_not_be_repeated_is_not_repeated():
    """Keys, addresses, HTML and leftovers in what is given do not come out again."""
    bad = (
        "## Findings\n\n"
        "The key is sk-ant-api03-abcdefghijklmnopqrstuvwxyz and the mail is gnome@example.com today.\n\n"
        "TBD: <script>alert(1)</script> [insert name here] and {{first_name}} and lorem ipsum stand here.\n"
    )
    asked = request(goal=bad, brief=bad, context=GNOMES + bad, inputs=[Input("page-cro", bad)])

    text = document(Rehearsal(Script()), asked)

    assert faults(text, SKILLS["copywriting"], A_TASK, cut_off=False) == ()
    assert not re.search(r"sk-ant|gnome@|<script|insert name|lorem|\{\{|TBD", text)


def test_a_plan_is_the_usual_one_in_terms_of_the_goal():
    """Tasks, order and category are the template's; every brief mentions the goal."""
    tasks = (
        PlannedTask("page-cro", "page-cro", StepKind.DRAFT, ()),
        PlannedTask("copy", "copywriting", StepKind.DRAFT, ("page-cro",)),
    )
    asked = planning.plan(
        model="claude-opus-5-5",
        goal=GOAL,
        category="optimization",
        context=GNOMES,
        situation=SITUATION,
        skills=SKILLS,
        pipelines=["Conversion Sprint"],
        routing="optimization: page-cro",
        ready_made=[Plan(tasks, "template:conversion-sprint")],
        money_left="$10.00",
    )

    answer = read(PlanForm, document(Rehearsal(Script()), asked))

    assert answer.category == "optimization"
    assert [(task.id, task.needs) for task in answer.tasks] == [("page-cro", []), ("copy", ["page-cro"])]
    assert all(GOAL in task.brief for task in answer.tasks)


def test_a_review_approves_and_quotes_real_places():
    """Scores are those of a usable text; findings are small and point at words that stand there."""
    asked = judged(0)

    answer = read(ReviewForm, document(Rehearsal(Script()), asked))

    assert 7.4 <= overall(answer, SKILLS["copywriting"]) <= 9.2
    assert {finding.severity for finding in answer.findings} <= {"minor", "suggestion"}
    assert all(finding.where.partition("“")[2].rstrip("”") in asked.user.text for finding in answer.findings)


def test_send_back_counts_revisions_and_the_score_rises():
    """With send_back=2 the first two versions are sent back, each a little better; the third is approved."""
    rehearsal = Rehearsal(Script.parse("send_back=2"))

    answers = [read(ReviewForm, document(rehearsal, judged(revision))) for revision in range(3)]

    first, second, third = (overall(answer, SKILLS["copywriting"]) for answer in answers)
    assert 5 < first < second < 6.9
    assert third > 7
    assert [finding.severity for finding in answers[1].findings] == ["major", "major"]


def test_a_share_of_drafts_is_sent_back():
    """With send_back_share it depends on the draft, and the same one has the same answer; with all of it nothing passes."""
    script = Script.parse("send_back_share=0.3")
    sent_back = [script.sends_back(f"Gnome {number}", 0) for number in range(1_000)]

    assert 250 < sum(sent_back) < 350
    assert sent_back == [script.sends_back(f"Gnome {number}", 0) for number in range(1_000)]
    assert not any(Script().sends_back(f"Gnome {number}", 0) for number in range(100))
    judgement = read(ReviewForm, document(Rehearsal(Script.parse("send_back_share=1")), judged(0)))
    assert overall(judgement, SKILLS["copywriting"]) < 7


def test_stuck_never_rises_and_escalate_is_low():
    """These two are for trying out what the house does when revising does not help."""
    skill = SKILLS["copywriting"]

    stuck = {
        round(overall(read(ReviewForm, document(Rehearsal(Script.parse("stuck=1")), judged(n))), skill), 6)
        for n in range(3)
    }
    low = overall(read(ReviewForm, document(Rehearsal(Script.parse("escalate=1")), judged(0))), skill)

    assert {5.5} == stuck
    assert low < 4


def test_a_conclusion_takes_its_next_steps_from_the_deliverables():
    """It names goal and deliverables, contradicts nothing, and has three to five steps."""
    given = [Input(name, document(Rehearsal(Script()), request(name))) for name in ("page-cro", "copywriting")]
    asked = concluding.conclude(
        model="claude-opus-5-5", goal=GOAL, context=GNOMES, situation=SITUATION, deliverables=given
    )

    answer = read(Conclusion, document(Rehearsal(Script()), asked))

    assert GOAL in answer.summary
    assert "page-cro" in answer.summary
    assert answer.contradictions == []
    assert 3 <= len(answer.next_steps) <= 5
    assert any("Assumptions and open facts" in step for step in answer.next_steps)


def test_a_report_copies_the_record_under_the_headings_of_its_role():
    """Numbers come from the record, sections from the role's own text."""
    record = (
        "| goal | asked | state | revisions | mean score | cost |\n|---|---|---|---|---|---|\n"
        "| G1 | Singing gnomes | completed | 2 | 8.1 | $1.27 |\n\nTotal cost: $1.27 for 1 goals."
    )
    asked = concluding.performance_report(
        model="claude-opus-5-5",
        goal=GOAL,
        brief="",
        context=GNOMES,
        situation=SITUATION,
        record=record,
        inputs=[],
        requirements=drafting.requirements(REPORTER, A_REPORT),
    )

    text = document(Rehearsal(Script()), asked)

    parts = dict(re.findall(r"(?ms)^## (.+?)$(.*?)(?=^## |\Z)", text))
    assert list(parts) == list(REPORTER.required_sections)
    assert faults(text, REPORTER, A_REPORT, cut_off=False) == ()
    assert "Total cost: $1.27 for 1 goals." in parts["At a glance"]
    assert "| G1 | Singing gnomes | $1.27 |" in parts["Cost"]
    assert "| G1 | Singing gnomes | 2 | 8.1 |" in parts["Quality"]


def test_a_stranger_gets_a_short_answer_and_a_stranger_s_form_is_filled():
    """Another client of the same API is answered too, in the form it asks for."""
    schema = {
        "type": "object",
        "properties": {
            "mood": {"enum": ["merry", "grim"]},
            "hats": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["mood", "hats"],
        "additionalProperties": False,
    }
    body = {
        "model": "claude-haiku-5-5",
        "max_tokens": 100,
        "messages": [{"role": "user", "content": "Hello, gnome"}],
    }
    form = {"format": {"type": "json_schema", "schema": schema}}

    _, talk = ask(Rehearsal(Script()), body)
    _, filled = ask(Rehearsal(Script()), {**body, "output_config": form})

    assert "Hello, gnome" in talk.content[0].text
    assert json.loads(filled.content[0].text) == {"mood": "merry", "hats": []}


# What the API refuses


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"temperature": 1.0}, "temperature"),
        ({"top_k": 5}, "top_k"),
        ({"tool_choice": {"type": "any"}}, "tool_choice"),
        ({"thinking": {"type": "disabled"}}, "thinking"),
        ({"thinking": {"type": "enabled", "budget_tokens": 2000}}, "thinking"),
        ({"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}, "prefill"),
        ({"messages": []}, "messages"),
        ({"max_tokens": 200_000}, "max_tokens"),
        ({"max_tokens": None}, "max_tokens: Field required"),
        ({"messages": [{"role": "user", "content": []}]}, "messages.0: all messages must have non-empty content"),
        ({"gnomes": 7}, "gnomes: Extra inputs"),
        ({"output_config": {"effort": "heroic"}}, "effort"),
        (
            {"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}},
            "additionalProperties",
        ),
        ({"system": [{"type": "text", "text": "x", "cache_control": {"type": "ephemeral"}}] * 5}, "Found 5"),
        (
            {"system": [{"type": "text", "text": "x", "cache_control": {"ttl": ttl}} for ttl in ("5m", "1h")]},
            "'1h' must not come after",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_the_api_refuses_is_refused_in_its_form(change, said):
    """A request that would be a 400 tomorrow is a 400 today."""
    reply = Rehearsal(Script()).reply({**request().body(), **change})

    body = json.loads(reply.body)
    assert reply.status == 400
    assert (body["type"], body["error"]["type"]) == ("error", "invalid_request_error")
    assert said in body["error"]["message"]
    assert body["request_id"] == reply.headers["request-id"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 200_000) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)
BLOCK = st.fixed_dictionaries({"type": JSON | st.just("text")}, optional={"text": JSON, "cache_control": JSON})
TURN = st.fixed_dictionaries({"role": st.just("user"), "content": JSON | st.lists(BLOCK, max_size=3)})
FIELDS = {
    "max_tokens": st.integers(0, 500),
    "messages": st.lists(TURN, max_size=2),
    "system": st.text(max_size=9) | st.lists(BLOCK, max_size=3),
    "output_config": st.fixed_dictionaries({}, optional={"format": JSON, "effort": JSON | st.just("low")}),
    **dict.fromkeys(("thinking", "tool_choice", "tools", "cache_control", "metadata", "model"), JSON),
}


@given(change=st.fixed_dictionaries({}, optional=FIELDS))
def test_whatever_is_sent_gets_an_answer_in_the_api_s_form(change):
    """No document makes the service itself fall over."""
    reply = Rehearsal(Script()).reply({**request().body(), **change})

    assert reply.status in (200, 400, 404)
    assert json.loads(reply.body)["type"] in ("message", "error")


def test_an_unknown_model_is_not_found_and_nonsense_is_no_request():
    """404 with not_found_error, and 400 for what is no document."""
    with pytest.raises(anthropic.NotFoundError) as caught:
        ask(Rehearsal(Script()), {**request().body(), "model": "claude-gnome-1"})

    assert caught.value.type == "not_found_error"
    assert Rehearsal(Script()).reply(None).status == 400


# What it bills


def test_the_second_draft_reads_the_shared_prefix_and_writes_only_its_own():
    """House rules and context are written once and read by the next skill; the task never is."""
    rehearsal = Rehearsal(Script())
    long = GNOMES + "\n".join(f"- Gnome number {number} has a hat of its own." for number in range(100))

    first, second, third = (
        usage(rehearsal, request(name, context=long)) for name in ("copywriting", "page-cro", "copywriting")
    )

    assert first["cache_read_input_tokens"] == 0
    assert 0 < second["cache_read_input_tokens"] < first["cache_creation_input_tokens"]
    assert second["cache_creation_input_tokens"] > 0
    assert third["cache_read_input_tokens"] == first["cache_creation_input_tokens"]
    assert third["cache_creation_input_tokens"] == 0
    assert first["input_tokens"] == third["input_tokens"] > 0
    assert second["cache_creation"]["ephemeral_5m_input_tokens"] == second["cache_creation_input_tokens"]


def test_the_cache_lives_five_minutes_after_its_last_use_and_is_each_model_s_own():
    """Used within five minutes it goes on living; left alone it is gone; another model has none of it."""
    now = [0.0]
    rehearsal = Rehearsal(Script(), clock=lambda: now[0])
    body = request().body()

    def read_at(seconds: float, **change: Any) -> int:
        now[0] = seconds
        found: int = json.loads(rehearsal.reply({**body, **change}).body)["usage"]["cache_read_input_tokens"]
        return found

    assert read_at(0) == 0
    assert read_at(290) > 0
    assert read_at(580) > 0
    assert read_at(580, model="claude-opus-5-5") == 0
    assert read_at(881) == 0


def test_what_is_written_for_an_hour_lives_an_hour_and_is_told_apart():
    """A part for an hour before one for five minutes: each is billed as what it is, and lives as long."""
    now = [0.0]
    rehearsal = Rehearsal(Script(), clock=lambda: now[0])
    asked = replace(request(context=GNOMES * 20), lives=(Life.HOUR, Life.MINUTES))

    first = usage(rehearsal, asked)
    now[0] = 3_590
    second = usage(rehearsal, asked)
    now[0] = 3_590 + 3_601
    third = usage(rehearsal, asked)

    for_an_hour = first["cache_creation"]["ephemeral_1h_input_tokens"]
    assert for_an_hour > 0 < first["cache_creation"]["ephemeral_5m_input_tokens"]
    assert second["cache_read_input_tokens"] == for_an_hour
    assert third["cache_read_input_tokens"] == 0


def test_a_prefix_can_be_read_only_once_its_first_answer_has_begun():
    """Ten who start together all write; who starts after the first answer reads."""
    now = [0.0]
    rehearsal = Rehearsal(Script.parse("latency_ms=1000"), clock=lambda: now[0])

    together = usage(rehearsal, request()), usage(rehearsal, request("page-cro"))
    now[0] = 1.0
    later = usage(rehearsal, request("form-cro"))

    assert [found["cache_read_input_tokens"] for found in together] == [0, 0]
    assert later["cache_read_input_tokens"] > 0


def test_a_short_prefix_is_silently_not_cached():
    """Under 512 tokens nothing is written, and nothing is said."""
    block = {"type": "text", "text": "short", "cache_control": {"type": "ephemeral"}}
    body = {**request().body(), "system": [block]}

    found = json.loads(Rehearsal(Script()).reply(body).body)["usage"]

    assert found["cache_creation_input_tokens"] == 0


def test_a_text_that_does_not_fit_is_cut_at_max_tokens():
    """The text really ends there, and no more is billed than was allowed."""
    body = {**request().body(), "max_tokens": 300}

    message = json.loads(Rehearsal(Script()).reply(body).body)

    assert message["stop_reason"] == "max_tokens"
    assert message["usage"]["output_tokens"] <= 300
    assert len(text_in(message)) < len(document(Rehearsal(Script()), request())) / 2


# What goes wrong


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ("rate_limited=1 retry_after_s=7", anthropic.RateLimitError),
        ("overloaded=1", anthropic.OverloadedError),
        ("server_error=1", anthropic.InternalServerError),
        ("unavailable=1", anthropic.ServiceUnavailableError),
        ("bad_key=1", anthropic.AuthenticationError),
        ("no_credit=1", anthropic.PaymentRequiredError),
        ("reset=1", anthropic.APIConnectionError),
        ("cut_off=1", anthropic.APIConnectionError),
        ("away=1", anthropic.APIConnectionError),
        ("hang=1", anthropic.APITimeoutError),
        ("latency_ms=60000", anthropic.APITimeoutError),
    ],
)
@pytest.mark.parametrize("wire", ["transport", "socket"])
def test_each_trouble_reaches_the_sdk_as_the_real_one_would(script, error, wire):
    """In the process and over a socket a failure is the same exception of the SDK."""
    limit_s = 0.2 if error is anthropic.APITimeoutError else 5
    asking = ask if wire == "transport" else ask_over_http

    with pytest.raises(error) as caught:
        asking(Rehearsal(Script.parse(script)), request().body(), timeout_s=limit_s)

    assert error is type(caught.value)
    if error is anthropic.RateLimitError:
        assert caught.value.response.headers["retry-after"] == "7"


def ask_over_http(rehearsal: Rehearsal, body: dict[str, Any], **more: Any) -> Any:
    with MessagesServer() as server:
        server.rehearsal = rehearsal
        return over_http(server, body, **more)


def over_http(server: MessagesServer, body: dict[str, Any], *, timeout_s: float = 5) -> Any:
    async def exchange() -> Any:
        http = anthropic.DefaultAsyncHttpxClient(trust_env=False)
        async with anthropic.AsyncAnthropic(
            api_key="rehearsal", base_url=server.url, http_client=http, max_retries=0
        ) as client:
            return await client.messages.create(**body, timeout=timeout_s)

    return asyncio.run(exchange())


def test_nonsense_truncation_and_refusal_are_answers_with_status_200():
    """They are paid for and cannot be used."""
    nonsense = document(Rehearsal(Script.parse("nonsense=1")), judged(0))
    empty = document(Rehearsal(Script.parse("nonsense=1")), request())
    _, truncated = ask(Rehearsal(Script.parse("truncated=1")), request().body())
    _, refused = ask(Rehearsal(Script.parse("refusal=1")), request().body())

    with pytest.raises(ValueError, match="Expecting value"):
        json.loads(nonsense)
    assert empty == ""
    assert truncated.stop_reason == "max_tokens"
    assert (refused.stop_reason, refused.content) == ("refusal", [])
    assert refused.usage.cache_creation_input_tokens > 0


def test_a_rate_lets_so_many_in_a_minute_and_says_how_many_are_left():
    """The first minute's at once, then one each time one is there again; a family of models has a rate of its own."""
    now = 100.0
    rehearsal = Rehearsal(Script.parse("rate=3"), clock=lambda: now)

    def told(model: str = "claude-sonnet-5-5") -> tuple[int, str, str | None]:
        reply = rehearsal.reply({**request().body(), "model": model})
        return reply.status, reply.headers["anthropic-ratelimit-requests-remaining"], reply.headers.get("retry-after")

    assert [told() for _ in range(4)] == [(200, "2", None), (200, "1", None), (200, "0", None), (429, "0", "20")]
    assert told("claude-opus-5-5") == (200, "2", None)
    now += 13
    assert told() == (429, "0", "7")
    now += 7
    assert [told(), told()] == [(200, "0", None), (429, "0", "20")]


def test_what_is_unavailable_says_how_long_only_where_it_is_told_to():
    """As the real one may; a 429 always does."""

    def told(script: str) -> str | None:
        return Rehearsal(Script.parse(script)).reply(request().body()).headers.get("retry-after")

    scripts = ("unavailable=1", "unavailable=1 retry_after_s=9", "rate_limited=1", "rate_limited=1 retry_after_s=0")
    assert [told(script) for script in scripts] == [None, "9", "1", "0"]


def test_fail_first_fails_every_distinct_request_so_often():
    """Each request fails by itself, then succeeds, however many others are asked meanwhile."""
    rehearsal = Rehearsal(Script.parse("fail_first=2 fail_with=unavailable"))

    statuses = [rehearsal.reply(request(name).body()).status for name in ["copywriting", "page-cro"] * 3]

    assert statuses == [503, 503, 503, 503, 200, 200]
    assert rehearsal.asked[request().digest()] == 3


def test_shares_are_drawn_anew_for_each_time_a_request_is_asked():
    """About that share fails, the same with the same seed, and no request fails for ever."""

    def statuses(seed: int) -> list[int]:
        rehearsal = Rehearsal(Script.parse(f"overloaded=0.3 seed={seed}"))
        return [rehearsal.reply(request().body()).status for _ in range(100)]

    assert statuses(1) == statuses(1) != statuses(2)
    assert 15 < statuses(1).count(529) < 45


def test_a_waiting_answer_can_be_cancelled():
    """Ending the task ends the request at once, and nothing counts as answered."""
    rehearsal = Rehearsal(Script.parse("hang=1"))

    async def cancelled() -> None:
        asking = asyncio.create_task(sdk(rehearsal, request().body(), timeout_s=60))
        while not rehearsal.asked:
            await asyncio.sleep(0)
        asking.cancel()
        await asking

    began = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        asyncio.run(cancelled())

    assert time.monotonic() - began < 5
    assert not rehearsal.answered


# The script


def test_a_script_reads_its_keys_in_any_order():
    """Spaces separate, a range has a dash, shares are numbers."""
    script = Script.parse("  overloaded=0.3 latency_ms=100-300\nseed=7 send_back=2 ")

    assert script.latency_ms == (100, 300)
    assert script.shares == {Trouble.OVERLOADED: 0.3}
    assert Script() == Script.parse("")
    assert 0.1 <= script.delay_s("gnome", 0) <= 0.3


@pytest.mark.parametrize(
    "wrong",
    ["gnomes=7", "latency_ms=soon", "latency_ms=300-100", "overloaded=2", "overloaded=nan", "seed=1 seed=2",
     "stuck=yes", "fail_with=gnomes", "rate=0", "latency_ms", "retry_after_s=inf", "send_back=-1"],
)  # fmt: skip
def test_a_wrong_script_is_refused_with_the_keys_there_are(wrong):
    """The sentence names the variable, what is expected and what came."""
    with pytest.raises(WrongSetting, match=r"REHEARSAL has to be key=value pairs.*latency_ms.*overloaded"):
        Script.parse(wrong)


# The server


def test_the_server_keeps_what_it_was_asked_and_logs_a_line_for_each(tmp_path: Path):
    """Documents, times and status for the test; purpose, model, digest and seconds for a person."""
    log = tmp_path / "asked.jsonl"

    with MessagesServer("latency_ms=20", log=log) as server:
        message = over_http(server, request().body())
        exchange = server.asked[0]

    line = json.loads(log.read_text())
    assert message.stop_reason == "end_turn"
    assert exchange.document == request().body()
    assert exchange.status == 200
    assert 0.02 <= exchange.answered_at - exchange.arrived_at < 5
    assert ("draft", "claude-sonnet-5-5", 200, request().digest()) == tuple(
        line[key] for key in ("purpose", "model", "status", "digest")
    )


def test_what_breaks_off_while_it_is_sent_was_not_asked():
    """A process can die with half a request on the wire; who counts requests must not count it."""
    with MessagesServer() as server:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as wire:
            wire.sendall(b"POST /v1/messages HTTP/1.1\r\nHost: gnome\r\nContent-Length: 1000\r\n\r\n{")
            wire.shutdown(socket.SHUT_WR)
            assert wire.recv(1) == b""
        over_http(server, request().body())

    assert [exchange.document for exchange in server.asked] == [request().body()]


def test_the_server_sees_when_a_client_stops_waiting():
    """A call that was ended on purpose has ended on the wire too."""
    with MessagesServer("hang=1") as server, pytest.raises(anthropic.APITimeoutError):
        over_http(server, request().body(), timeout_s=0.1)

    assert server.asked[0].left_at is not None
    assert server.asked[0].status is None
    assert not server.rehearsal.answered


def test_given_replies_come_first_then_the_front_then_the_rehearsal():
    """A text is answered with, a number is failed with, None leaves it to the rehearsal."""
    with MessagesServer(replies=["Seven gnomes.", 529], front=lambda document: None) as server:
        first = over_http(server, request().body())
        with pytest.raises(anthropic.OverloadedError):
            over_http(server, request().body())
        third = over_http(server, request().body())

    assert first.content[-1].text == "Seven gnomes."
    assert third.content[-1].text.startswith("# Gnomeland")


def test_notes_are_cut_to_the_room_they_have() -> None:
    """
    Items of lists go, from the end, but the first of each; with room for all of it nothing does.
    """
    parts = ["## Decided", "One line.", "Where:\n\n- first gnome\n- second gnome\n- third gnome", "- last\n- of all"]

    assert within(parts, 100) == parts
    assert within(parts, 9) == [*parts[:2], "Where:\n\n- first gnome\n- second gnome", "- last"]
    assert within(parts, 1) == [*parts[:2], "Where:\n\n- first gnome", "- last"]
