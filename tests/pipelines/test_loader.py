"""Files in folders are the pipelines there are: how one is found, whose plan is whose, and which is left out."""

from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.loader import UnknownPipeline, load
from pipelines.plan import PipelineError
from pipelines.template import Business
from tests.pipelines.gnomes import GNOMES, ROSTER

Write = Callable[..., Path]


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
    monkeypatch.setattr("pipelines.loader.OWN", folder)

    with pytest.raises(
        PipelineError, match=r"gnome-fair\.yaml: The pipeline Gnome Fair needs the skill gnome-naming, which "
    ):
        load([folder], ["gnome-painting", "gnome-pricing"])


def test_a_file_in_place_of_the_folder_is_one_sentence(tmp_path: Path) -> None:
    """
    A wrong path is a complaint, not a traceback.
    """
    (tmp_path / "library").write_text("")

    with pytest.raises(PipelineError, match=r"cannot be read \(Not a directory\)"):
        load([tmp_path / "library"], ROSTER)
