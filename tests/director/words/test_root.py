"""An installation is found from wherever in it a person stands, and is never somebody else's."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from director.words.root import find_root
from director.words.settings import from_env


def lay(root: Path, *files: str) -> Path:
    """Make these files, and folders where a name ends with a slash; the folder two levels below *root*."""
    for name in (*files, "docs/drafts/"):
        place = root / name
        (place if name.endswith("/") else place.parent).mkdir(parents=True, exist_ok=True)
        if not name.endswith("/"):
            place.write_text("x", encoding="utf-8")
    return root / "docs" / "drafts"


@pytest.mark.parametrize(
    "file",
    [
        "workspace/.state/troupe.sqlite",
        "workspace/context/product-marketing-context.md",
        "workspace/pipelines/x.yaml",
        "workspace/reports/g1.md",
        "workspace/outputs/convert/x.md",
        "workspace/",
    ],
)
def test_a_workspace_is_found_from_below(tmp_path: Path, file: str) -> None:
    """Also from inside; whatever of ours stands in it, or nothing yet."""
    here = lay(tmp_path, file)

    assert find_root(here) == find_root(tmp_path) == find_root(tmp_path / "workspace") == tmp_path


def test_the_nearest_is_taken(tmp_path: Path) -> None:
    """As with repositories in each other."""
    lay(tmp_path, "workspace/")

    assert find_root(lay(tmp_path / "inner", "workspace/")) == tmp_path / "inner"


@pytest.mark.parametrize("file", ["workspace/eclipse/App.java", "workspace", "workspaces/.state/x", ".env"])
def test_what_only_has_the_name_is_none(tmp_path: Path, file: str) -> None:
    """Other programs keep folders of that name, and every program an `.env`."""
    assert find_root(lay(tmp_path, file)) != tmp_path


@pytest.mark.parametrize("line", ["WORKSPACE_DIR=team", "  export WORKSPACE_DIR = 'team'"])
def test_an_env_file_that_names_a_workspace_is_a_root(tmp_path: Path, line: str) -> None:
    """The workspace may then be called as one likes."""
    here = lay(tmp_path)
    (tmp_path / ".env").write_text(f"# WORKSPACE_DIR\n{line}\n")

    assert find_root(here) == tmp_path


@pytest.mark.parametrize("line", ["WORKSPACE_DIR=", "WORKSPACE_DIR= # none", "# WORKSPACE_DIR=x", "MY_WORKSPACE_DIR=x"])
def test_an_env_file_that_names_none_is_not(tmp_path: Path, line: str) -> None:
    """As in a copy of `.env.example`."""
    here = lay(tmp_path)
    (tmp_path / ".env").write_text(f"{line}\n")

    assert find_root(here) != tmp_path


@pytest.mark.parametrize("others", ["workspace", ".env"])
def test_what_somebody_else_put_above_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, others: str) -> None:
    """
    In a folder that all can write to, such as /tmp, an `.env` of a stranger would say where our key is sent.
    """
    here = lay(tmp_path, "workspace/", ".env")
    stat = Path.stat

    def of_a_stranger(self: Path, **how: bool) -> os.stat_result:
        found = list(stat(self, **how))
        found[4] = found[4] + (self == tmp_path / others)
        return os.stat_result(found)

    monkeypatch.setattr(Path, "stat", of_a_stranger)

    assert find_root(here) != tmp_path
    assert find_root(tmp_path) == tmp_path


@pytest.fixture
def stand(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path], None]:
    """Stand in a folder, with no settings in the environment."""
    for name in ("WORKSPACE_DIR", "SKILLS_PATH", "DATABASE_URL", "BUDGET_MONTHLY"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch.chdir


def test_settings_are_those_of_the_root(tmp_path: Path, stand: Callable[[Path], None]) -> None:
    """
    The `.env` beside the workspace is read, and folders and files in it are seen from there. One further down is another
    program's.
    """
    here = lay(tmp_path, "workspace/context/x.md", "skills/")
    (tmp_path / ".env").write_text("BUDGET_MONTHLY=7\nSKILLS_PATH=skills\nDATABASE_URL=sqlite:///record.sqlite\n")
    (here / ".env").write_text("BUDGET_MONTHLY=8\n")
    stand(here)
    found = from_env()

    assert found.workspace_dir == tmp_path / "workspace"
    assert found.budget_monthly == 7 * 10**9
    assert found.skills_path == (tmp_path / "skills",)
    assert found.database_url == f"sqlite:///{tmp_path}/record.sqlite"


@pytest.mark.parametrize("named", ["team", "./team", "{root}/team"])
def test_a_named_workspace_is_seen_from_the_file_that_names_it(
    tmp_path: Path, stand: Callable[[Path], None], named: str
) -> None:
    """Whichever folder a command is typed in."""
    here = lay(tmp_path)
    (tmp_path / ".env").write_text(f"WORKSPACE_DIR={named.format(root=tmp_path)}\n")
    stand(here)

    assert from_env().workspace_dir == tmp_path / "team"


def test_the_environment_names_another(
    tmp_path: Path, stand: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Then the `.env` beside that one is read, unless there is one here."""
    here = lay(tmp_path / "ours", "workspace/context/x.md")
    (tmp_path / "ours" / ".env").write_text("BUDGET_MONTHLY=7\n")
    lay(tmp_path / "theirs", "workspace/context/x.md")
    (tmp_path / "theirs" / ".env").write_text("BUDGET_MONTHLY=8\n")
    stand(here)
    monkeypatch.setenv("WORKSPACE_DIR", str(tmp_path / "theirs" / "workspace"))

    assert (from_env().workspace_dir, from_env().budget_monthly) == (tmp_path / "theirs" / "workspace", 8 * 10**9)
    (here / ".env").write_text("BUDGET_MONTHLY=9\n")
    assert from_env().budget_monthly == 9 * 10**9


def test_without_one_it_is_here(tmp_path: Path, stand: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is begun, is begun in the current folder."""
    monkeypatch.setattr(os, "geteuid", lambda: -1)  # nothing that this machine has further up is ours
    stand(lay(tmp_path))

    assert from_env().workspace_dir == tmp_path / "docs" / "drafts" / "workspace"


def test_a_fault_in_it_names_the_file(tmp_path: Path, stand: Callable[[Path], None]) -> None:
    """It is not the one that one sees."""
    here = lay(tmp_path, "workspace/")
    (tmp_path / ".env").write_text("BUDGET_MONTLY=7\n")
    stand(here)

    with pytest.raises(Exception, match=str(tmp_path / ".env")):
        from_env()
