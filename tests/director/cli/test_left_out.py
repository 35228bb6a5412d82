"""Skills and pipelines that are not used are named, with the reason, by the commands that show who is there."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from director.office import Office
from tests.director.cli.conftest import Said


@pytest.fixture
def collection(tmp_path: Path) -> Path:
    """A collection of one guest, which has a longer description than the format allows."""
    folder = tmp_path / "guests" / "gnome-care"
    folder.mkdir(parents=True)
    (folder / "SKILL.md").write_text(f"---\nname: gnome-care\ndescription: {'x' * 1068}\n---\nWater them.\n")
    return folder.parent


@pytest.mark.parametrize("words", [("skills",), ("status",)], ids=" ".join)
def test_who_is_left_out_is_named_once_with_the_reason(
    collection: Path, say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    """By those who ask who is on the team and how things stand; scripts too."""
    monkeypatch.setenv("SKILLS_PATH", str(collection))
    said, document = say(*words), json.loads(say(*words, "--json").out)

    assert (said.code, said.err) == (0, "")
    assert said.out.count("gnome-care") == 1
    assert "expected at most 1024 characters, found" in said.out
    (left_out,) = document["left_out" if words == ("skills",) else "skills_left_out"]
    assert left_out["name"] == "gnome-care"
    assert "expected at most 1024" in left_out["reason"]


def test_pipelines_that_cannot_be_used_are_named(
    collection: Path, office: Office, say: Callable[..., Said], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With what they need."""
    folder = office.settings.workspace_dir / "pipelines"
    folder.mkdir(parents=True)
    (folder / "care.yaml").write_text("name: Gnome Care\ndescription: x\npriority: P2\nsteps: [gnome-care]\n")
    monkeypatch.setenv("SKILLS_PATH", str(collection))

    assert "The pipeline Gnome Care needs the skill gnome-care, which was left out" in say("pipelines").out
    assert [row["name"] for row in json.loads(say("pipelines", "--json").out)["left_out"]] == ["gnome-care"]


@pytest.fixture
def elsewhere(office: Office) -> Path:
    """A pipeline of the workspace, for whoever has a skill that is not here."""
    file = office.settings.workspace_dir / "pipelines" / "zoo.yaml"
    file.parent.mkdir(parents=True)
    file.write_text("name: Zoo\ndescription: x\npriority: P2\nsteps: [zoo-care]\n")
    return file


@pytest.mark.parametrize("words", [("pipelines",), ("status",)], ids=" ".join)
def test_a_pipeline_for_somebody_else_is_named_once(
    elsewhere: Path, say: Callable[..., Said], words: tuple[str, ...]
) -> None:
    """By those who ask what there is and how things stand; scripts too. It stops no command."""
    said, document = say(*words), json.loads(say(*words, "--json").out)
    why = "The pipeline Zoo needs the skill zoo-care, which is not here: add the folder that holds it to SKILLS_PATH"

    assert (said.code, said.err) == (0, "")
    assert " ".join(said.out.split()).count(why) == 1
    (left_out,) = document["left_out" if words == ("pipelines",) else "pipelines_left_out"]
    assert left_out["name"] == "zoo"
    assert left_out["reason"].startswith(f"{why}, or correct {elsewhere}")


@pytest.mark.usefixtures("elsewhere")
def test_whoever_runs_it_here_is_told(office: Office, say: Callable[..., Said]) -> None:
    """In a sentence, before anything is made."""
    said = say("pipeline", "Zoo", "Feed them")

    assert said.code == 2
    assert "The pipeline Zoo needs the skill zoo-care, which is not here" in " ".join(said.err.split())
    with office.store.read() as tx:
        assert tx.goals.count() == 0
