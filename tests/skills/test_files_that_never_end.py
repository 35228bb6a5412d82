"""Files of people that are no files: a sentence each, at once."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from director.catalog import Catalog
from director.files.context import read_context
from director.redis.embedded import EmbeddedServer, EmbeddedServerError
from director.words.errors import BrokenFile, WrongCall, WrongSetting
from director.words.settings import Settings, from_env
from skills import loader
from skills.documents import Unreadable, text_of


def itself(path: Path) -> None:
    """A link that leads to itself."""
    path.symlink_to(path.name)


def everything(path: Path) -> None:
    """A link to a device that never ends."""
    path.symlink_to("/dev/zero")


NO_FILES: dict[str, Callable[[Path], None]] = {
    "a pipe nobody writes to": os.mkfifo,
    "a device": everything,
    "a link to itself": itself,
    "a folder": Path.mkdir,
}


@pytest.fixture(params=NO_FILES)
def at(request: pytest.FixtureRequest) -> Callable[[Path], Path]:
    """Put something that is no file at a path."""

    def put(path: Path) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        NO_FILES[request.param](path)
        return path

    return put


def test_text_is_read_from_files(tmp_path: Path, at: Callable[[Path], Path]) -> None:
    """The one way skills and pipelines are read."""
    with pytest.raises(Unreadable, match=r"expected a file|cannot be read"):
        text_of(at(tmp_path / "x.yaml"))


def test_a_pipeline_is_a_file(settings: Settings, at: Callable[[Path], Path]) -> None:
    """The sentence names it."""
    at(settings.workspace_dir / "pipelines" / "x.yaml")
    with pytest.raises(BrokenFile, match=r"pipelines/x\.yaml: "):
        _ = Catalog(settings).library


def test_a_skill_is_a_file(tmp_path: Path, at: Callable[[Path], Path]) -> None:
    """Whoever made it is told, not left without their skill."""
    at(tmp_path / "gnome" / "SKILL.md")
    (fault,) = loader.validate([tmp_path])[:1]

    assert fault.file == tmp_path / "gnome" / "SKILL.md"


def test_a_context_is_a_file(settings: Settings, at: Callable[[Path], Path]) -> None:
    """A goal that was meant to have one is not begun without."""
    at(settings.workspace_dir / "context" / "product-marketing-context.md")
    with pytest.raises(WrongCall, match=r"product-marketing-context\.md"):
        read_context(settings, None)


def test_settings_are_read_from_a_file(
    tmp_path: Path, at: Callable[[Path], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing can be started before."""
    at(tmp_path / ".env")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongSetting, match=r"\.env has to be a text file"):
        from_env()


def test_a_folder_of_pipelines_that_leads_to_itself_is_said(settings: Settings) -> None:
    """It holds none, which is not what somebody wanted who made it."""
    settings.workspace_dir.mkdir()
    itself(settings.workspace_dir / "pipelines")
    with pytest.raises(BrokenFile, match="Too many levels of symbolic links"):
        _ = Catalog(settings).library


def test_a_folder_of_skills_that_leads_to_itself_is_said(tmp_path: Path) -> None:
    """As one that cannot be read."""
    itself(tmp_path / "skills")
    (fault,) = loader.load([tmp_path / "skills"]).faults

    assert "cannot be read" in fault.message


def test_a_state_folder_that_leads_to_itself_is_said(tmp_path: Path) -> None:
    """The server is started in no such place."""
    itself(tmp_path / ".state")
    with pytest.raises(EmbeddedServerError, match="state directory"):
        EmbeddedServer(tmp_path / ".state").join()
