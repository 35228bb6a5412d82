"""What tests of pipelines share."""

from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Puts one pipeline file into a folder and answers with the folder."""

    def put(text: str, *, file: str = "gnome-fair.yaml", into: str = "library") -> Path:
        folder = tmp_path / into
        folder.mkdir(exist_ok=True)
        (folder / file).write_text(text)
        return folder

    return put
