"""A file is a pipeline, and what is wrong with one is said in a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.loader import load
from pipelines.plan import PipelineError, PlannedTask, Size, StepKind
from tests.pipelines.gnomes import GNOMES, ROSTER

Write = Callable[..., Path]


def test_steps_unfold_into_tasks(write: Write) -> None:
    """
    A step needs the whole step before it; a skill's second task a number; a review judges the nearest draft.
    """
    template = load([write(GNOMES)], ROSTER).find("gnome-fair")

    draft, review = StepKind.DRAFT, StepKind.REVIEW
    both = ("gnome-painting", "gnome-pricing")
    again = "gnome-naming-2"
    assert (
        PlannedTask("gnome-naming", "gnome-naming", draft, ()),
        PlannedTask("gnome-painting", "gnome-painting", draft, ("gnome-naming",)),
        PlannedTask("gnome-pricing", "gnome-pricing", draft, ("gnome-naming",), "Price it: in euros."),
        PlannedTask(again, "gnome-naming", draft, both),
        PlannedTask("review-by-gnome-pricing", "gnome-pricing", review, (again,), target=again),
        PlannedTask("review-by-director", "director", review, ("review-by-gnome-pricing",), "Is it a gnome?", again),
        PlannedTask("report", "director", StepKind.REPORT, ("review-by-director",)),
    ) == template.tasks
    assert template.plan().source == "template:Gnome Fair"
    assert template.tasks == template.plan().tasks


def test_a_step_may_say_what_it_hands_over(write: Write) -> None:
    """
    The titles of its pieces and its size, as a plan of the Director's does; without, the specialist chooses.
    """
    step = "{skill: gnome-naming, pieces: [Name  tag, Gnome card], size: note}"
    named, chosen, *_ = (
        load([write(GNOMES.replace("- gnome-naming\n  - [", f"- {step}\n  - ["))], ROSTER).find("gnome-fair").tasks
    )

    assert (named.pieces, named.size) == (("Name tag", "Gnome card"), Size.NOTE)
    assert (chosen.pieces, chosen.size) == ((), Size.DOCUMENT)


def test_keys_stay_unique_and_long_names_fit(write: Write) -> None:
    """
    The longest name a skill may have can still be drafted twice and review.
    """
    name = "g" * 64
    steps = f"[{name}, {name}, {{review: {name}}}, {{review: {name}}}]"

    template = load([write(f"name: Long\ndescription: Long.\npriority: P3\nsteps: {steps}\n")], ROSTER).find("long")

    assert [name, f"{name}-2", f"review-by-{name}", f"review-by-{name}-2"] == [task.key for task in template.tasks]


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("name: Gnome Fair\n", "", "name: expected a line of at most 80 characters, found nothing."),
        ("Gnome Fair", "'!!'", "name: expected a name with letters or digits, found '!!'."),
        ("Gnome Fair", "7", "name: expected a line of at most 80 characters, found 7."),
        ("description: N", "describtion: N", "'describtion': expected only name, desc"),
        ("priority: P2", "priority: 2", "priority: expected one of P0, P1, P2, P3, found 2."),
        ("priority: P2\n", "", "priority: expected one of P0, P1, P2, P3, found nothing."),
        ("priority: P2", "priority: P2\ncategory: gnomes", "category: expected one of strategic, content, "),
        ("steps:\n", "steps: none\nx:\n", "'x': expected only"),
        ("- gnome-naming\n  - [", "- 7\n  - [", "steps[1]: expected a skill, a list of them, or skill, "),
        (
            "- gnome-naming\n  - [",
            "- director\n  - [",
            "steps: The task director asks for 'director', which is no skill",
        ),
        ("[gnome-painting, ", "[[gnome-painting], ", "steps[2][1]: expected a skill"),
        ("[gnome-painting, ", "[{review: director}, ", "steps[2]: expected only skills side by side"),
        ("- [", "- []\n  - [", "steps[2]: expected only skills side by side, found []."),
        (
            "  - gnome-naming\n  - {review",
            "  - {review",
            "steps[3]: expected a single deliverable before a review, found 2 side by side.",
        ),
        (
            "- gnome-naming\n  - [",
            "- {review: director}\n  - [",
            "steps[1]: expected a single deliverable before a review, found none.",
        ),
        (
            "{review: gnome-pricing}",
            "{review: gnome-pricing, report: director}",
            "steps[4]: expected a skill",
        ),
        ("{review: gnome-pricing}", "{review: gnome-pricing, note: x}", "steps[4]: expected a skill"),
        ("{review: gnome-pricing}", "{review: }", "steps[4]: expected a skill"),
        (
            "{report: director}",
            "{report: gnome-naming}",
            "steps[6]: expected report: director, found 'gnome-naming'.",
        ),
        (
            '"Price it: in euros."',
            "''",
            "steps[2][2].brief: expected a line of at most 500 characters, found ''.",
        ),
        (
            "  - {report: director}\n",
            "  - gnome-naming\n" * 20,
            "steps: The plan has 26 tasks; at most 24 are allowed.",
        ),
        (
            "  - {report: director}\n",
            "  - [gnome-naming, 7, 7]\n" * 10,
            "steps: The plan has 36 tasks; at most 24 are allowed.",
        ),
        ("priority: P2", "priority: P2\nfor: gnomes", "for: expected one of software, local, found 'gnomes'."),
        ("priority: P2", "priority: P2\nfor:", "for: expected one of software, local, found nothing."),
        ('brief: "Price it: in euros."', "pieces: Tag", "steps[2][2].pieces: expected a list of titles, found 'Tag'."),
        ('brief: "Price it: in euros."', "pieces: [7]", "steps[2][2].pieces: expected a list of titles, found [7]."),
        (
            'brief: "Price it: in euros."',
            "pieces: [A, a]",
            "steps: 2 pieces are called 'a'; each needs a title of its own.",
        ),
        (
            'brief: "Price it: in euros."',
            "size: book",
            "steps[2][2].size: expected one of note, sheet, document, found 'book'.",
        ),
        ("{review: gnome-pricing}", "{review: gnome-pricing, pieces: [Tag]}", "steps[4]: expected a skill"),
        ("{report: director}", "{report: director, size: note}", "steps[6]: expected a skill"),
        ("name: Gnome Fair", "name: [", "expected YAML, found a mistake in line 3"),
    ],
)
def test_a_broken_file_is_one_sentence(write: Write, old: str, new: str, complaint: str) -> None:
    """
    It names the file, the field, what was expected and what came.
    """
    assert old in GNOMES
    folder = write(GNOMES.replace(old, new, 1))

    with pytest.raises(PipelineError) as caught:
        load([folder], ROSTER)

    assert str(caught.value).startswith(f"{folder / 'gnome-fair.yaml'}: {complaint}")
    assert str(caught.value).endswith(".")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["", "7", "- a", "steps: []", "name: a\ndescription: b\npriority: P1\nsteps: []"])
def test_a_file_that_is_no_pipeline_is_one_sentence_too(write: Write, text: str) -> None:
    """
    Empty files and lists are complaints like any other.
    """
    with pytest.raises(PipelineError, match=r"gnome-fair\.yaml: (file|name|steps): expected .*, found .*\.$"):
        load([write(text)], ROSTER)
