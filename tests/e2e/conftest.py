"""Installations for the program as people start it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.e2e.installation import Installation


@pytest.fixture(scope="module")
def install(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[..., Installation]]:
    """
    Make an installation: `install(rehearsal="stuck=1")`.

    When the module is done, every one of them has to be quiet: no process of theirs, no embedded server.
    """
    # Made once before threads ask for folders: two that are the first at the same moment would both make it.
    tmp_path_factory.getbasetemp()
    measured = request.node.get_closest_marker("measured") is not None
    with ExitStack() as stack:

        def make(folder: Path | None = None, **settings: str) -> Installation:
            folder = folder or tmp_path_factory.mktemp("e")
            return stack.enter_context(Installation(folder, measured=measured, **settings))

        yield make
