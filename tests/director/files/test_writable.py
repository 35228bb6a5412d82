"""Whether the workspace can be written is known before work is begun."""

import pytest

from director.files.writable import check_places
from director.office import Office
from director.words.errors import WorkspaceError


@pytest.mark.parametrize("name", ["outputs", "reports"])
def test_what_is_in_the_way_is_found_before_anything_is_made(office: Office, name: str) -> None:
    """
    A file where a folder of mirrors should be is a sentence; a folder that is there, or can be made, is none.
    """
    check_places(office.settings)
    folder = office.settings.workspace_dir / name
    assert not folder.exists()
    folder.mkdir()
    check_places(office.settings)
    folder.rmdir()
    folder.write_text("in the way")

    with pytest.raises(WorkspaceError, match=f"{name}.*WORKSPACE_DIR"):
        check_places(office.settings)
