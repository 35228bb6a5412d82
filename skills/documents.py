"""Text and YAML from files that people wrote: plain values, or one sentence that says why not."""

import os
import re
import reprlib
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

#: No file of a skill or a pipeline is longer; the rest belongs in files beside it.
MOST_BYTES = 256_000

#: libyaml's loader is about thirteen times faster, and there is none where PyYAML was built without it.
_FASTEST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_FASTEST):  # type: ignore[misc]
    """The safe loader, for which a key that stands twice is a mistake, as YAML has it: PyYAML takes the last one."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._looked_at: set[int] = set()

    def flatten_mapping(self, node: yaml.MappingNode) -> None:
        """Called before each mapping is read, and before `<<` brings it keys that it may have as well."""
        if id(node) not in self._looked_at:
            self._looked_at.add(id(node))
            seen: set[tuple[str, str]] = set()
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if (key.tag, key.value) in seen:
                        mistake = f"the key {shown(key.value)} stands there twice"
                        raise yaml.constructor.ConstructorError(None, None, mistake, key.start_mark)
                    seen.add((key.tag, key.value))
        super().flatten_mapping(node)


#: libyaml's loader recurses without a limit: 30 000 brackets end the process, with no exception to catch. A
#: text shorter than this has no room for that, and is spared the look at its depth.
_HARMLESS_LENGTH = 4000
_MOST_NESTED = 50

#: Names for values (`*a`) make much of little: ten lines, each ten times the one before, are ten thousand million values.
#: What they stand for is shared as long as it is only kept; merging (`<<`), showing and comparing write it out.
_MOST_WRITTEN_OUT = 1_000_000

#: YAML counts `1:30:00` in sixties, digit for digit by the square; nobody writes a longer number.
_LONGEST_NUMBER = 1000
_IN_SIXTIES = re.compile(r"[-+]?[0-9_]++(?::[0-9_.]++)++")
_NUMBERS = ("tag:yaml.org,2002:int", "tag:yaml.org,2002:float")

#: What PyYAML lets through when a text does not keep what its form or tag promises: `2024-13-45` is a
#: ValueError, `!!bool x` a KeyError, `!!timestamp x` an AttributeError.
_BAD_VALUES = (ValueError, KeyError, AttributeError, TypeError, OverflowError, RecursionError)

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = 60
_SHORT.maxlist = _SHORT.maxtuple = _SHORT.maxdict = 4
_SHORT.maxlevel = 2


class Unreadable(Exception):
    """A file does not hold what its reader expects; the message goes on after the file's name and a colon."""


def text_of(path: Path) -> str:
    """
    The text of a file, with `\\n` line ends and no byte order mark.

    Raises:
        Unreadable: It is not there or no ordinary file, longer than MOST_BYTES, or not UTF-8.
    """
    try:
        with open(path, "rb", opener=_without_waiting) as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise Unreadable("expected a file with text in it, found a folder, a pipe or a device")
            raw = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise Unreadable(f"cannot be read ({error.strerror})") from None
    if len(raw) > MOST_BYTES:
        raise Unreadable(f"expected at most {MOST_BYTES // 1000} kB, found more; move parts to files of their own")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        byte = f"0x{raw[error.start]:02x} at position {error.start}"
        raise Unreadable(f"expected UTF-8, found the byte {byte}; save it as UTF-8") from None
    return text.replace("\r\n", "\n")


def _without_waiting(path: str, flags: int) -> int:
    # A named pipe would be opened when somebody writes to it, which may be never.
    return os.open(path, flags | os.O_NONBLOCK)


def yaml_files(folder: Path) -> list[Path]:
    """
    The YAML files of a folder, by name, without hidden ones; none where there is no folder.

    Raises:
        OSError: it cannot be read.
    """
    if not os.path.lexists(folder):
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in (".yaml", ".yml") and file.name[0] != ".")


def stamp(file: Path) -> Sequence[int]:
    """What is another once a file was changed or is gone, without reading it."""
    try:
        found = file.stat()
    except OSError:
        return ()
    return (found.st_mtime_ns, found.st_size, found.st_ino)


def yaml_in(text: str) -> object:
    """
    The plain value a YAML text stands for.

    Raises:
        Unreadable: It is not YAML, is nested absurdly deep, would grow when it is read, or a value is not what its
            form says (a date with a 13th month).
    """
    try:
        if len(text) > _HARMLESS_LENGTH or "&" in text:
            _look_over(text)
        return yaml.load(text, Loader=_Loader)  # noqa: S506 - it is a safe loader, in C where there is one
    except yaml.MarkedYAMLError as error:
        where = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise Unreadable(f"expected YAML, found a mistake{where}: {error.problem}") from None
    except yaml.YAMLError as error:
        raise Unreadable(f"expected YAML, found a mistake: {' '.join(str(error).split())}") from None
    except _BAD_VALUES as error:
        raise Unreadable(f"expected YAML, found a value that cannot be read: {error}") from None


def _look_over(text: str) -> None:
    """Refuse what takes more room or time than a text of its length should, before any value is made of it."""
    named: dict[str, int] = {}
    inside: list[tuple[str | None, int]] = []
    written_out = 0
    for event in yaml.parse(text, Loader=_FASTEST):
        written_out += 1
        if isinstance(event, yaml.CollectionStartEvent):
            inside.append((event.anchor, written_out))
            if len(inside) > _MOST_NESTED:
                raise Unreadable(f"expected at most {_MOST_NESTED} values inside each other, found more")
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = inside.pop()
            named[anchor or ""] = written_out - before
        elif isinstance(event, yaml.ScalarEvent):
            written_out += len(event.value)
            named[event.anchor or ""] = len(event.value)
            _refuse_long_number(event)
        elif isinstance(event, yaml.AliasEvent):
            name = event.anchor or ""
            if name in (anchor for anchor, _ in inside):
                raise Unreadable(f"expected values that end, found *{name[:60]} inside itself")
            written_out += named.get(name, 0)
        if written_out > _MOST_WRITTEN_OUT:
            raise Unreadable(
                f"expected at most {_MOST_WRITTEN_OUT:,} characters where every *name is written out, found more"
            )


def _refuse_long_number(event: Any) -> None:
    if len(event.value) > _LONGEST_NUMBER and (
        event.tag in _NUMBERS or (event.implicit[0] and _IN_SIXTIES.fullmatch(event.value))
    ):
        raise Unreadable(f"expected a number of at most {_LONGEST_NUMBER} digits, found {len(event.value)}")


def shown(value: object) -> str:
    """A value as a complaint shows it: short, on one line, `nothing` when there is none."""
    if value is None:
        return "nothing"
    try:
        return _SHORT.repr(value).replace("\n", " ")
    except ValueError:  # Python writes no integer of more than 4300 digits, and YAML's hexadecimal ones may be longer
        return "a number too long to show"
