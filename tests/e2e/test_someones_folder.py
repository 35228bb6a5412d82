"""A folder somebody works in may have packages named as ours."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.installation import Installation


@pytest.mark.parametrize("name", ["skills", "pipelines", "web"])
def test_a_package_of_theirs_is_not_taken_for_ours(install: Callable[..., Installation], name: str) -> None:
    """Python looks into the folder where a command is typed first; ours does not."""
    place = install()
    place.folder.mkdir(parents=True, exist_ok=True)
    theirs: Path = place.folder / name
    theirs.mkdir()
    (theirs / "__init__.py").write_text("raise RuntimeError('not ours')\n", encoding="utf-8")
    done = place.run("skills")

    assert (done.code, done.err) == (0, "")
    assert "26 specialists." in done.out
