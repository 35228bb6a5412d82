"""The forms of Claude's structured answers, and the one way to read them. What cannot be read is never guessed."""

import json
import re
from collections.abc import Callable, Sequence
from types import MappingProxyType
from typing import Any, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from director.prompting.request import CHARACTERS_A_TOKEN

Form = TypeVar("Form", bound=BaseModel)

#: Tokens of an answer in any of these forms.
MAX_TOKENS: Final = 8_000

#: Characters of one. What is longer came from a server that keeps no limit, and is not looked into.
LONGEST_ANSWER: Final = CHARACTERS_A_TOKEN * MAX_TOKENS

_LONGEST_PLACE: Final = 80


class Unreadable(ValueError):
    """The answer is not of the form that was asked for; the text says where."""


class _Closed(BaseModel):
    # Strict: "9" and true are no numbers, and whoever means one can write it.
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class PlannedStep(_Closed):
    """One task of a plan as Claude states it."""

    id: str = Field(description="short name of this task, unique in the plan, for example copywriting")
    skill: str = Field(description="name of the specialist, exactly as in the roster")
    brief: str = Field(
        description="what this specialist should produce, for whom, and what is special about it; at most 150 words"
    )
    needs: list[str] = Field(description="ids of the tasks whose approved deliverables this one builds on")
    pieces: list[str] = Field(
        description="titles of the pieces it hands over, at most 8, each a thing the owner uses, for example Letter to lapsed "
        "members"
    )
    size: Literal["note", "sheet", "document"] = Field(
        description="note: at most 400 words over all its pieces; sheet: 1,000; document: 2,000"
    )


class StatedUnknown(_Closed):
    """What decides the work and nobody but the owner knows."""

    question: str = Field(description="what only the owner can tell, as one question of at most 20 words")
    default: str = Field(
        description="the answer all write by until then, at most 15 words: the one that harms least where it is wrong"
    )


class Sizing(_Closed):
    """How large the goal is, before anything is planned. What nobody knows is said to be unknown."""

    reach: str = Field(description="whom this can reach, and how many they are")
    means: str = Field(description="what exists to reach them with")
    week: str = Field(description="what the owner can do in a week")
    effect: str = Field(description="how the owner would see the effect, and when")
    unknowns: list[StatedUnknown] = Field(
        default=[],
        description="at most three that decide what pieces say, what changes most first; empty where nothing does",
    )


class PlanForm(_Closed):
    """The Director's plan."""

    sizing: Sizing
    sketch: str = Field(
        default="",
        description="the whole job done once in short, to the owner: Markdown of 400 to 900 words, each text that is used "
        "under a `## ` heading that is its title",
    )
    lacks: list[str] = Field(
        default=[],
        description="what is missing or wrong in the sketch and what is done about it, the worst first, four to eight lines of "
        "at most 30 words",
    )
    category: Literal["strategic", "content", "optimization", "retention", "competitive", "measurement"]
    reasoning: str = Field(description="two or three sentences for the person who gave the goal")
    tasks: list[PlannedStep]


class Replanning(_Closed):
    """What the Director does about a task that came to nothing."""

    reasoning: str = Field(
        description="one or two sentences for the owner: what did not work, and what is done about it"
    )
    replacement: list[PlannedStep] = Field(
        description="the one task that takes its place: another specialist's, or a smaller one; empty to do without it"
    )


class Scores(_Closed):
    """0 to 10 each."""

    completeness: float
    clarity: float
    actionability: float
    brand_alignment: float
    data_use: float
    technical_accuracy: float
    creativity: float

    @field_validator("*")
    @classmethod
    def _within_ten(cls, value: float) -> float:
        # Structured output knows no limits on numbers, so they are kept here.
        if not 0 <= value <= 10:
            raise ValueError("a score is from 0 to 10")
        return value


class Finding(_Closed):
    """One thing the reviewer found."""

    severity: Literal["critical", "major", "minor", "suggestion"]
    where: str = Field(description="the piece or section, and the words it is about as they stand there")
    what: str = Field(description="what is wrong, observable")
    change: str = Field(description="what to change")

    def __str__(self) -> str:
        """The finding in a line."""
        return f"{self.severity}, {self.where}: {self.what} Change: {self.change}"


def worst_first(findings: Sequence[Finding]) -> list[Finding]:
    """The same by severity."""
    order = ("critical", "major", "minor", "suggestion")
    return sorted(findings, key=lambda finding: order.index(finding.severity))


class ReviewForm(_Closed):
    """What the reviewer found. The verdict is computed from it, not asked for."""

    scores: Scores
    findings: list[Finding]
    rewrite: bool = Field(
        default=True,
        description="true where changing single places would not do and the whole has to be written anew; else false",
    )
    impossible: str = Field(
        default="",
        description="why nothing fit to be used could be made of this brief with what is known, whoever wrote it; empty in all "
        "other cases, also where the draft is bad",
    )
    summary: str = Field(description="one or two sentences on the deliverable as a whole")


class Edit(_Closed):
    """One place of a text that is to be changed, and nothing around it."""

    findings: list[int] = Field(description="numbers of the findings, notes or contradictions it answers")
    old: str = Field(description="words as they stand in the text, letter for letter, exactly once in all of it")
    new: str = Field(description="what stands there instead; empty to cut the words")

    @model_validator(mode="before")
    @classmethod
    def _of_one(cls, value: Any) -> Any:
        # Those that were kept before answer one, `finding`.
        if isinstance(value, dict) and "finding" in value and "findings" not in value:
            return {"findings": [value["finding"]], **{name: of for name, of in value.items() if name != "finding"}}
        return value


class Edits(_Closed):
    """A revision as its changes. What cannot be mended with what is known has none."""

    edits: list[Edit]


class Lesson(_Closed):
    """What the next goal should do differently, or again."""

    skill: str = Field(description="name of the specialist it is for, as in the plan; director where it is for all")
    lesson: str = Field(description="one sentence that says what to do, at most 40 words, no fact of this goal in it")
    result: Literal["success", "partial", "failure"] = Field(description="how it went here")


#: Words a field of a conclusion has on its owner's page, 450 in all.
WORDS: Final = MappingProxyType({
    "summary": 45, "otherwise": 60, "next_steps": 140, "decisions": 30, "noticed": 110, "assumptions": 30, "effect": 35,
})  # fmt: skip


class Conclusion(_Closed):
    """The Director's last look over all deliverables of a goal: what its owner's page is made from. Earlier ones have less."""

    summary: str = Field(
        description=f"what the owner can do now that they could not before, at most {WORDS['summary']} words"
    )
    next_steps: list[str] = Field(
        description="what to do now, in order, most useful first; pieces by their titles, word for word; at most "
        f"{WORDS['next_steps']} words in all, what is over them is set aside for later"
    )
    otherwise: list[str] = Field(
        default=[],
        description="for each of the situation's open questions, in their order: what the owner strikes or changes, in which "
        f"piece, where its default is not so; at most {WORDS['otherwise']} words in all",
    )
    decisions: list[str] = Field(
        default=[],
        description="what else only a person can decide, each with who and by when, the most pressing first; at most "
        f"{WORDS['decisions']} words in all",
    )
    noticed: list[str] = Field(
        default=[],
        description="what its owner should know beyond the steps, at most three, each with what to do about it; "
        f"at most {WORDS['noticed']} words in all, empty where there is nothing of weight",
    )
    assumptions: list[str] = Field(
        default=[], description=f"what the work falls with if it is not so; at most {WORDS['assumptions']} words in all"
    )
    effect: str = Field(
        default="",
        description="how the owner will see whether it worked: what to count, from when to when; at most "
        f"{WORDS['effect']} words",
    )
    contradictions: list[str] = Field(description="places where deliverables contradict each other; empty when none")
    corrections: list[Edit] = Field(
        default=[],
        description="edits that put right what is known; `findings` are numbers of contradictions (the first is 1), 0 for "
        "another fault",
    )
    lessons: list[Lesson] = Field(
        default=[], description="what this goal taught that holds for the next ones, at most 3; empty when nothing"
    )


def read(form: type[Form], answer: str) -> Form:
    """
    The *answer* in its *form*, without NUL. A Markdown fence around the JSON is taken off: servers without structured output
    add one.

    Raises:
        Unreadable: too long, no JSON, or not of this form; its text can be shown to the model.
    """
    if len(answer) > LONGEST_ANSWER:
        raise Unreadable(f"it has {len(answer):,} characters, and at most {LONGEST_ANSWER:,} are read")
    try:
        found = _document(answer, _once)
        # Half a character can be written in JSON, and neither kept nor shown.
        json.dumps(found, ensure_ascii=False).encode()
        return form.model_validate(found)
    except json.JSONDecodeError as problem:
        raise Unreadable(f"not JSON: {problem.msg} at character {problem.pos}") from problem
    except ValidationError as problem:
        faults = [
            f"{'.'.join(map(str, fault['loc']))[:_LONGEST_PLACE] or 'answer'}: {fault['msg']}"
            for fault in problem.errors(include_url=False, include_input=False)[:5]
        ]
        raise Unreadable("; ".join(faults)) from problem
    except ValueError as problem:
        raise Unreadable(f"not JSON that can be used: {problem}") from problem
    except RecursionError as problem:
        raise Unreadable("nested too deeply") from problem


def in_strings(answer: str, change: Callable[[str], str]) -> str:
    """
    The *answer* with each string of its JSON changed, names too, as they are read and not as they are written; all of it where
    it is no JSON. Byte for byte what it was where there is nothing to change.
    """

    def changed(part: Any) -> Any:
        match part:
            case str():
                return change(part)
            case list():
                return [changed(one) for one in part]
            case dict():
                return _apart([(change(name), changed(one)) for name, one in part.items()])
        return part

    try:
        found = _document(answer, _apart)
        new = changed(found)
        # Written anew, an answer in which a name stands twice must not become one that can be read.
        return answer if new == found and change(answer) == answer else json.dumps(new)
    except (ValueError, RecursionError):
        return change(answer)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Python takes the last one; which of two scores is meant nobody can say.
    found: dict[str, Any] = {}
    for name, value in pairs:
        if name in found:
            raise ValueError(f"{name[:_LONGEST_PLACE]!r} stands twice in one object")
        found[name] = value
    return found


def _apart(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # Under names no form has, so that nothing of an answer is lost and it stays unreadable.
    found: dict[str, Any] = {}
    for place, (name, value) in enumerate(pairs):
        found[f"{name} (again, {place})" if name in found else name] = value
    return found


def _document(answer: str, read_object: Callable[[list[tuple[str, Any]]], Any]) -> Any:
    first, _, rest = answer.strip().partition("\n")
    is_fenced = first.rstrip() in ("```", "```json") and rest.endswith("\n```")
    bare = rest.removesuffix("```") if is_fenced else answer
    # NUL, written as an escape, is kept by no database; what stands behind an escaped backslash is none.
    return json.loads(re.sub(r"(\\\\)|\\u0000", r"\1", bare), object_pairs_hook=read_object)
