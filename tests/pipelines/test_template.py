"""A file is a pipeline, and what is wrong with one is said in a sentence."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.plan import PipelineError, PlannedTask, Size, StepKind
from pipelines.template import Business, UnknownPipeline, load

ROSTER = ("gnome-naming", "gnome-painting", "gnome-pricing", "g" * 64)

GNOMES = """\
name: Gnome Fair
description: Names, paints and sells gnomes.
priority: P2
steps:
  - gnome-naming
  - [gnome-painting, {skill: gnome-pricing, brief: "Price it: in euros."}]
  - gnome-naming
  - {review: gnome-pricing}
  - {review: director, brief: Is it a gnome?}
  - {report: director}
"""

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Puts one pipeline file into a folder and answers with the folder."""

    def put(text: str, *, file: str = "gnome-fair.yaml", into: str = "library") -> Path:
        folder = tmp_path / into
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(text)
        return folder

    return put


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


@pytest.mark.parametrize("name", ["Gnome Fair", "gnome fair", "GNOME-FAIR", "gnome-fair", "gnome_fair"])
def test_a_pipeline_is_found_however_its_name_is_written(write: Write, name: str) -> None:
    """
    Case, spaces and hyphens make no difference.
    """
    assert load([write(GNOMES)], ROSTER).find(name).name == "Gnome Fair"


def test_an_unknown_pipeline_names_the_nearest(write: Write) -> None:
    """
    A slip of the finger is answered with what was meant; anything else with what there is.
    """
    folder = write(GNOMES)
    write(GNOMES.replace("Gnome Fair", "Hedgehog Month"), file="hedgehog-month.yaml")
    library = load([folder], ROSTER)

    with pytest.raises(UnknownPipeline, match=r"^There is no pipeline 'gnom fare'; nearest: Gnome Fair\.$"):
        library.find("gnom fare")
    with pytest.raises(UnknownPipeline, match=r"'xyz'; there are: Gnome Fair, Hedgehog Month\.$"):
        library.find("xyz")


def test_a_person_adds_a_pipeline_in_a_folder_of_their_own(write: Write, tmp_path: Path) -> None:
    """
    No code: a file in a second folder is a pipeline beside the others. A folder that is not there holds none.
    """
    ours = write(GNOMES)
    theirs = write(GNOMES.replace("Gnome Fair", "Gnome Sale"), into="workspace", file="any name.yml")
    (theirs / "README.md").write_text("Ours.")
    (theirs / ".#draft.yaml").write_text("{")

    library = load([ours, theirs, tmp_path / "not there"], ROSTER)

    assert list(library.templates) == ["gnome-fair", "gnome-sale"]


@pytest.mark.parametrize(
    ("field", "first", "second"),
    [
        ("name", "Gnome Fair", "gnome fair"),
        ("category", "Gnome Fair\ncategory: content", "Gnome Sale\ncategory: content"),
        ("category", "Gnome Fair\ncategory: content\nfor: local", "Gnome Sale\ncategory: content\nfor: local"),
    ],
)
def test_two_pipelines_cannot_have_one_name_or_one_category(write: Write, field: str, first: str, second: str) -> None:
    """
    Which one is meant would depend on the order of files.
    """
    ours = write(GNOMES.replace("Gnome Fair", first))
    theirs = write(GNOMES.replace("Gnome Fair", second), into="workspace")

    with pytest.raises(PipelineError) as caught:
        load([ours, theirs], ROSTER)

    assert str(caught.value).startswith(f"{theirs / 'gnome-fair.yaml'}: {field}: expected ")
    assert str(ours / "gnome-fair.yaml") in str(caught.value)


def test_a_category_has_its_pipeline_or_none(write: Write) -> None:
    """
    None means the routing rules plan it.
    """
    library = load([write(GNOMES + "category: retention\n")], ROSTER)

    for business in (None, *Business):
        assert [found.name for found in library.for_category("retention", business)] == ["Gnome Fair"]
        assert library.for_category("strategic", business) == ()


@pytest.mark.parametrize(
    ("business", "names"),
    [
        (None, ["Any", "Soft", "Near"]),
        (Business.SOFTWARE, ["Soft", "Any"]),
        (Business.LOCAL, ["Near", "Any"]),
    ],
)
def test_a_pipeline_may_be_for_one_kind_of_business(write: Write, business: Business | None, names: list[str]) -> None:
    """
    It goes before one for any, and is no plan for the other kind. Where nobody knows, one for any is first, then software's.
    """
    for name, whom in (("Near", "for: local"), ("Any", ""), ("Soft", "for: software")):
        folder = write(f"{GNOMES.replace('Gnome Fair', name)}category: content\n{whom}\n", file=f"{name}.yaml")
    library = load([folder], ROSTER)

    assert [found.name for found in library.for_category("content", business)] == names
    assert {found.name for found in library.fitting(business)} == set(names)


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


def test_a_pipeline_that_needs_a_skill_that_is_not_here_is_left_out(write: Write) -> None:
    """
    Another installation may have it. Its neighbours stay, and whoever asks for it is told what it needs and what to do.
    """
    folder = write(GNOMES)
    write(GNOMES.replace("Gnome Fair", "Gnom Fair").replace("gnome-naming", "gnom-naming"), file="gnom.yaml")
    library = load([folder], ROSTER)

    assert list(library.templates) == ["gnome-fair"]
    assert library.left_out == {
        "gnom-fair": "The pipeline Gnom Fair needs the skill gnom-naming, which is not here: add the folder that holds it to "
        f"SKILLS_PATH, or correct {folder / 'gnom.yaml'}; nearest: gnome-naming, gnome-painting, gnome-pricing."
    }
    with pytest.raises(
        UnknownPipeline, match=r"^The pipeline Gnom Fair needs the skill gnom-naming, which is not here: "
    ):
        library.find("gnom fair")


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("priority: P2", "priority: P9", "priority: expected one of"),
        ("description: ", "description: ''\n#", "description: expected a line"),
    ],
)
def test_what_is_otherwise_broken_is_not_left_out(write: Write, old: str, new: str, complaint: str) -> None:
    """
    No installation can use it, whatever skills it has.
    """
    text = GNOMES.replace("gnome-naming", "hedgehog-naming").replace(old, new)

    with pytest.raises(PipelineError, match=f"gnome-fair.yaml: {complaint}"):
        load([write(text)], ROSTER)


def test_one_of_ours_that_needs_what_is_not_here_is_broken(write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    Without it the team is not the one that was installed.
    """
    folder = write(GNOMES)
    monkeypatch.setattr("pipelines.template.OWN", folder)

    with pytest.raises(
        PipelineError, match=r"gnome-fair\.yaml: The pipeline Gnome Fair needs the skill gnome-naming, which "
    ):
        load([folder], ["gnome-painting", "gnome-pricing"])


@pytest.mark.parametrize("text", ["", "7", "- a", "steps: []", "name: a\ndescription: b\npriority: P1\nsteps: []"])
def test_a_file_that_is_no_pipeline_is_one_sentence_too(write: Write, text: str) -> None:
    """
    Empty files and lists are complaints like any other.
    """
    with pytest.raises(PipelineError, match=r"gnome-fair\.yaml: (file|name|steps): expected .*, found .*\.$"):
        load([write(text)], ROSTER)


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    """
    A wrong path is a complaint, not a traceback.
    """
    (tmp_path / "library").write_text("")

    with pytest.raises(PipelineError, match=r"cannot be read \(Not a directory\)"):
        load([tmp_path / "library"], ROSTER)
