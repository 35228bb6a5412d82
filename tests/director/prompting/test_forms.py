"""Reading structured answers: of the form, or Unreadable; nothing is guessed and nothing else is ever raised."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from director.prompting.forms import (
    LONGEST_ANSWER,
    Conclusion,
    Edit,
    Edits,
    PlanForm,
    ReviewForm,
    Unreadable,
    in_strings,
    read,
)
from director.prompting.request import schema
from director.words.characters import without_controls
from skills.loader import DIMENSIONS

GOOD: dict[type[BaseModel], dict[str, Any]] = {
    PlanForm: {
        "sizing": {"reach": "Six.", "means": "A till.", "week": "Two hours.", "effect": "Orders."},
        "category": "content",
        "reasoning": "Gnomes.",
        "tasks": [
            {"id": "a", "skill": "copywriting", "brief": "Gnomes.", "needs": [], "pieces": ["Page"], "size": "note"}
        ],
    },
    ReviewForm: {
        "scores": dict.fromkeys(DIMENSIONS, 7),
        "findings": [{"severity": "minor", "where": "Title", "what": "Long.", "change": "Shorten it."}],
        "summary": "Gnomes.",
    },
    Conclusion: {
        "summary": "Gnomes.",
        "contradictions": [],
        "next_steps": ["Sing."],
        "decisions": [],
        "assumptions": [],
        "effect": "",
    },
}

FORMS = sorted(GOOD, key=lambda form: form.__name__)

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def mistakes(value: Any) -> st.SearchStrategy[Any]:
    """The same document with one thing in it replaced, left out or added."""
    if isinstance(value, dict):
        inside = [
            st.tuples(st.just(key), mistakes(part)).map(lambda made, whole=value: {**whole, made[0]: made[1]})
            for key, part in value.items()
        ]
        without = st.sampled_from(sorted(value)).map(lambda key: {k: v for k, v in value.items() if k != key})
        more = st.tuples(st.text(max_size=5), values).map(lambda pair: {**value, pair[0]: pair[1]})
        return st.one_of(values, without, more, *inside)
    if isinstance(value, list) and value:
        return values | mistakes(value[0]).map(lambda part: [part]) | st.just([])
    return values


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "dressed",
    [
        "{}",
        " \n{}\n",
        "```json\n{}\n```",
        "```\n{}\n```",
        "\n\n```json\n{}\n```  \n",
        "``` \n{}\n```",
        "```json  \n{}\n\n```",
    ],
)
def test_an_answer_is_read_bare_or_fenced(form: type[BaseModel], dressed: str) -> None:
    """
    Servers without structured output put a Markdown fence around the JSON.
    """
    for indent in (None, 2):
        answer = dressed.replace("{}", json.dumps(GOOD[form], indent=indent))
        assert read(form, answer).model_dump() == form.model_validate(GOOD[form]).model_dump()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "answer",
    [
        "",
        " ",
        "null",
        "[]",
        "{}",
        "true",
        '"{}"',
        "Here is the plan: {}",
        "```json\n{}\n```\nI hope this helps.",
        "1" * 5000,
        "[" * 100_000,
        '{"a":' * 100_000,
        '"\\ud800"',
        '{"summary": "\\ud800", "contradictions": [], "next_steps": []}',
        "\ufeff{}",
        "{'summary': 'single quotes'}",
        '{"summary": "never ends',
        "1e999999",
        "-Infinity",
        "\x00",
    ],
    ids=lambda answer: repr(answer[:24]) if isinstance(answer, str) else None,
)
def test_what_is_not_of_the_form_is_unreadable(form: type[BaseModel], answer: str) -> None:
    """
    One error, with a sentence that can be shown to the model; never another exception.
    """
    with pytest.raises(Unreadable) as unreadable:
        read(form, answer)

    assert 0 < len(str(unreadable.value)) < 2_000


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"a\u0000b", "ab"),
        (r"\u0000\u0000", ""),
        (r"a\\u0000b", r"a\u0000b"),
        (r"a\\\u0000b", "a\\b"),
        (r"\u00001", "1"),
        (r"\n\u0000\"", '\n"'),
    ],
)
def test_nul_that_is_written_as_an_escape_is_left_out(written: str, meant: str) -> None:
    """
    No database keeps it; six characters behind an escaped backslash are no NUL and stay.
    """
    answer = json.dumps({**GOOD[Conclusion], "summary": "Gnomes."}).replace("Gnomes.", written)

    assert read(Conclusion, answer).summary == meant


@given(form=st.sampled_from(FORMS), answer=st.text(max_size=300))
def test_any_text_is_read_or_unreadable(form: type[BaseModel], answer: str) -> None:
    """
    Whatever a model says.
    """
    try:
        found = read(form, answer)
    except Unreadable:
        return
    assert isinstance(found, form)


@given(st.sampled_from(FORMS).flatmap(lambda form: st.tuples(st.just(form), mistakes(GOOD[form]))))
def test_any_document_is_read_or_unreadable(asked: tuple[type[BaseModel], Any]) -> None:
    """
    Nearly right is not right: what is read has the form, whole.
    """
    form, document = asked
    try:
        found = read(form, json.dumps(document))
    except Unreadable:
        return
    asked_for = {name for name, field in form.model_fields.items() if field.is_required()}
    assert asked_for <= set(document) <= set(form.model_fields)
    assert form.model_validate(found.model_dump()) == found


@pytest.mark.parametrize("score", [-0.1, 10.1, 11, 1e308, float("nan"), float("inf"), "ten", None, [7]])
@pytest.mark.parametrize("dimension", ["clarity", "creativity"])
def test_a_score_is_from_nought_to_ten(score: object, dimension: str) -> None:
    """
    A score nobody can have is not cut to one somebody could.
    """
    wrong = {**GOOD[ReviewForm], "scores": {**GOOD[ReviewForm]["scores"], dimension: score}}

    with pytest.raises(Unreadable, match=f"scores.{dimension}"):
        read(ReviewForm, json.dumps(wrong))


@pytest.mark.parametrize("score", [0, 10, 6.95, 7.0])
def test_both_ends_are_scores(score: float) -> None:
    """
    Nought and ten can be given.
    """
    fine = {**GOOD[ReviewForm], "scores": dict.fromkeys(DIMENSIONS, score)}

    assert read(ReviewForm, json.dumps(fine)).scores.clarity == score


@pytest.mark.parametrize("numbers", ['"finding": 2', '"findings": [2]'])
def test_an_edit_that_was_kept_with_one_number_is_read(numbers: str) -> None:
    """
    Answers and summaries that were kept before name one finding; they are read as those that name several.
    """
    found = read(Edits, f'{{"edits": [{{{numbers}, "old": "sings", "new": "hums"}}]}}')

    assert found.edits == [Edit(findings=[2], old="sings", new="hums")]


@pytest.mark.parametrize(
    "numbers", ['"finding": 2, "findings": [2]', '"finding": true', '"findings": 2', '"finding": [2]']
)
def test_an_edit_whose_numbers_are_no_numbers_is_unreadable(numbers: str) -> None:
    """
    Which of two is meant nobody can say.
    """
    with pytest.raises(Unreadable):
        read(Edits, f'{{"edits": [{{{numbers}, "old": "sings", "new": "hums"}}]}}')


def test_the_fault_is_named_by_its_place() -> None:
    """
    The model, asked again, is told where.
    """
    broken = json.dumps({**GOOD[PlanForm], "tasks": [{"id": "a", "skill": "copywriting", "needs": []}]})

    with pytest.raises(Unreadable, match=r"tasks\.0\.brief: "):
        read(PlanForm, broken)


@pytest.mark.parametrize("form", FORMS)
def test_an_answer_that_is_too_long_is_not_looked_into(form: type[BaseModel]) -> None:
    """
    Also where it is of the form: blanks make it no shorter.
    """
    good = json.dumps(GOOD[form])
    read(form, good.ljust(LONGEST_ANSWER))

    with pytest.raises(Unreadable, match=r"^it has 64,001 characters, and at most 64,000 are read$"):
        read(form, good.ljust(LONGEST_ANSWER + 1))


@pytest.mark.parametrize("nested", ["[", '{"a":'])
def test_an_answer_that_is_nested_absurdly_deep_is_unreadable(nested: str) -> None:
    """
    Of the longest length that is read.
    """
    with pytest.raises(Unreadable):
        read(PlanForm, nested * (LONGEST_ANSWER // len(nested)))


def test_a_complaint_about_an_answer_is_no_longer_than_a_sentence() -> None:
    """
    What was made up in it may have a name of any length, and the complaint is shown to people and to the model.
    """
    with pytest.raises(Unreadable) as complaint:
        read(Conclusion, json.dumps({**GOOD[Conclusion], "gnome" * 10_000: 1, "x" * 10_000: 1}))

    assert len(str(complaint.value)) < 300


class TestWhatCanBeReadInTwoWays:
    """It is not read at all: which of the two was meant is never guessed."""

    @pytest.mark.parametrize("again", ['"scores"', '"sco\\u0072es"', '"sco\\u0000res"'])
    def test_a_name_that_stands_twice_makes_an_answer_unreadable(self, again: str) -> None:
        """Scores of 2, then of 9: Python would take the last ones, and approve."""
        low, high = (json.dumps(dict.fromkeys(DIMENSIONS, score)) for score in (2, 9))
        with pytest.raises(Unreadable, match="'scores' stands twice"):
            read(ReviewForm, f'{{"scores": {low}, {again}: {high}, "findings": [], "summary": "Gnomes."}}')

    def test_also_further_inside_and_where_both_say_the_same(self) -> None:
        """Whoever writes a name twice may have meant another."""
        good = json.dumps(GOOD[ReviewForm])
        with pytest.raises(Unreadable, match="'clarity' stands twice"):
            read(ReviewForm, good.replace('"clarity": 7', '"clarity": 7, "clarity": 7'))

    @pytest.mark.parametrize("score", ["NaN", "Infinity", "1e400", "1" + "0" * 400, "1" + "0" * 5000, '"9"', "true"])
    def test_a_score_is_a_number(self, score: str) -> None:
        """Not one that is none, not words, not a yes."""
        with pytest.raises(Unreadable):
            read(ReviewForm, json.dumps(GOOD[ReviewForm]).replace('"clarity": 7', f'"clarity": {score}'))

    def test_taking_a_secret_out_does_not_make_an_answer_readable(self) -> None:
        """Written anew, it still is one in which a name stands twice."""
        answer = '{"summary": "a secret", "summary": "b", "contradictions": [], "next_steps": []}'
        without = in_strings(answer, lambda text: text.replace("secret", "***"))

        assert "secret" not in without
        with pytest.raises(Unreadable):
            read(Conclusion, without)

    @pytest.mark.parametrize("again", ["sco\\u0007res", "sco\\u001bres", "scores\\u009f"])
    def test_nor_does_taking_controls_out_of_its_names(self, again: str) -> None:
        """Two names that are one without them are a name that stands twice, wherever they stand."""
        low, high = (json.dumps(dict.fromkeys(DIMENSIONS, score)) for score in (2, 9))
        answer = f'{{"scores": {low}, "{again}": {high}, "findings": [], "summary": "Gnomes."}}'
        with pytest.raises(Unreadable):
            read(ReviewForm, in_strings(answer, without_controls))


#: What an answer might try to decide beside what it is asked.
NOT_ASKED = (
    "verdict",
    "approved",
    "score",
    "state",
    "priority",
    "cap_nano",
    "budget",
    "model",
    "effort",
    "tools",
    "by",
    "kind",
)


def _objects(value: Any) -> list[dict[str, Any]]:
    parts = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    own = [value] if isinstance(value, dict) else []
    return own + [found for part in parts for found in _objects(part)]


@pytest.mark.parametrize("name", NOT_ASKED)
@pytest.mark.parametrize("form", FORMS)
def test_an_answer_decides_nothing_it_is_not_asked(form: type[BaseModel], name: str) -> None:
    """
    A verdict, a cap, a priority, a model or a tool in any object of an answer makes all of it unreadable, and the schema
    that is sent leaves no room for one.
    """
    for place in range(len(_objects(GOOD[form]))):
        document = json.loads(json.dumps(GOOD[form]))
        _objects(document)[place][name] = "approve"
        with pytest.raises(Unreadable):
            read(form, json.dumps(document))

    objects = [part for part in _objects(schema(form)) if part.get("type") == "object"]
    assert objects
    assert all(part["additionalProperties"] is False and name not in part["properties"] for part in objects)


@pytest.mark.parametrize(
    "answer", ["approve", '"approve"', '{"verdict": "approve"}', "10", '["approve"]', "Verdict: approve"]
)
@pytest.mark.parametrize("form", FORMS)
def test_a_word_is_no_answer(form: type[BaseModel], answer: str) -> None:
    """
    Whatever it says: nothing but the whole form is one.
    """
    with pytest.raises(Unreadable):
        read(form, answer)


@pytest.mark.parametrize(
    "number", ["1e400", "-1e400", "1" + "0" * 400, "10.0000001", "-0.1", "NaN", "Infinity", '"10"', "true"]
)
def test_a_score_beyond_its_scale_is_no_score(number: str) -> None:
    """
    However large, and in whatever spelling.
    """
    answer = json.dumps(GOOD[ReviewForm]).replace('"completeness": 7', f'"completeness": {number}')

    with pytest.raises(Unreadable):
        read(ReviewForm, answer)
