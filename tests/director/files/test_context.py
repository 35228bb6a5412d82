"""The product context as a file: written whole or not at all, and never over somebody's work unasked."""

from pathlib import Path

import pytest

from director.files.context import CONTEXT, LARGEST_CONTEXT, check_place, read_context, write_context
from director.words.errors import WorkspaceError, WrongCall
from director.words.settings import Settings

GNOMES = "# Gnomeland\n\nHand-painted gnomes.\n"


@pytest.fixture
def file(settings: Settings) -> Path:
    """Where the workspace's context belongs."""
    return settings.workspace_dir / CONTEXT


def beside(file: Path) -> set[str]:
    return {path.name for path in file.parent.iterdir()}


class TestWriting:
    """`write_context`."""

    def test_what_is_written_is_what_goals_read(self, settings: Settings, file: Path) -> None:
        """
        In a workspace that was not there; nothing else is left in its folder.
        """
        assert write_context(settings, GNOMES) is None
        assert read_context(settings, None) == GNOMES
        assert beside(file) == {file.name}

    def test_one_that_is_there_is_not_touched(self, settings: Settings, file: Path) -> None:
        """
        Whoever wrote it has to say that it may go; nothing is made beside it.
        """
        write_context(settings, GNOMES)

        with pytest.raises(WrongCall, match="--force"):
            write_context(settings, "Flamingos.\n")
        assert file.read_text(encoding="utf-8") == GNOMES
        assert beside(file) == {file.name}

    def test_one_that_is_replaced_is_kept_beside(self, settings: Settings, file: Path) -> None:
        """
        A mistaken --force costs nothing.
        """
        write_context(settings, GNOMES)
        kept = write_context(settings, "Flamingos.\n", replace=True)

        assert kept is not None
        assert kept.read_text(encoding="utf-8") == GNOMES
        assert file.read_text(encoding="utf-8") == "Flamingos.\n"
        assert beside(file) == {file.name, kept.name}

    def test_every_one_that_was_replaced_is_kept(self, settings: Settings, file: Path) -> None:
        """
        A second --force does not write over what the first one kept.
        """
        texts = ["First.\n", "Second.\n", "Third.\n", "Fourth.\n"]
        kept = [write_context(settings, text, replace=True) for text in texts]

        assert kept[0] is None
        assert [place.read_text(encoding="utf-8") for place in kept[1:] if place] == texts[:3]
        assert file.read_text(encoding="utf-8") == texts[3]

    def test_a_link_that_leads_nowhere_is_somebodys_too(self, settings: Settings, file: Path) -> None:
        """
        What it points to may be away for the moment.
        """
        file.parent.mkdir(parents=True)
        file.symlink_to(file.with_name("away.md"))

        with pytest.raises(WrongCall, match="--force"):
            write_context(settings, GNOMES)
        assert file.is_symlink()

    def test_one_that_no_goal_could_read_is_not_written(self, settings: Settings, file: Path) -> None:
        """
        Larger than a context can be.
        """
        with pytest.raises(WrongCall, match="512 kB"):
            write_context(settings, "x" * (LARGEST_CONTEXT + 1))
        assert not file.exists()

    def test_a_write_that_fails_leaves_nothing_half_written(
        self, settings: Settings, file: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """
        The earlier one stands, and the part is taken away.
        """
        write_context(settings, GNOMES)

        def full(part: Path, _target: Path) -> None:
            raise OSError(28, "No space left on device", str(part))

        monkeypatch.setattr(Path, "replace", full)
        with pytest.raises(WorkspaceError, match="No space left"):
            write_context(settings, "Flamingos.\n", replace=True)
        assert file.read_text(encoding="utf-8") == GNOMES
        assert not [name for name in beside(file) if name.endswith(".part")]


class TestPlace:
    """`check_place`: looked at before anybody is asked anything."""

    def test_looking_at_a_place_makes_nothing(self, settings: Settings, file: Path) -> None:
        """
        Whoever stops at the first question leaves no empty folder behind.
        """
        assert check_place(settings, replace=False) == file
        assert not file.parent.exists()

    def test_a_folder_in_its_place_is_named(self, settings: Settings, file: Path) -> None:
        """
        Also by who says that it may be replaced: a folder is not.
        """
        file.mkdir(parents=True)

        with pytest.raises(WorkspaceError, match=file.name):
            check_place(settings, replace=True)
