"""What is known of a disk's room, for all who tell of it."""

from pathlib import Path

from director.files.room import LOW, Room, room_of


def test_a_folder_that_is_not_made_yet_is_where_it_will_be_made(tmp_path: Path) -> None:
    """Also where a file is in its way, which has no room of its own."""
    (tmp_path / "file").write_text("in the way")

    for folder in (tmp_path, tmp_path / "not" / "made", tmp_path / "file"):
        room = room_of(folder)
        assert room.place == tmp_path
        assert 0 < room.free <= room.total


def test_it_is_told_in_one_way() -> None:
    """In the units in which disks are sold."""
    assert str(Room(Path(), 1_234_500_000_000, 2_000_000_000_000)) == "1,234.5 GB of 2,000.0 GB are free"


def test_a_disk_that_does_not_say_how_large_it_is_is_not_nearly_full() -> None:
    """Some file systems of networks do not; nobody is alarmed by that."""
    assert Room(Path(), 9, 100).share < LOW
    assert Room(Path(), 0, 0).share > LOW
