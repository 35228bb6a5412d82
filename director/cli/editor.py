"""A text opened in the editor a person has set, until they are content with it or give up."""

import os
import shlex
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from director.cli.consent import can_ask
from director.goals.checked import Refused
from director.words.errors import WrongCall
from pipelines.written import WrongPlan, as_comment


def see_that_there_is_one(instead: str) -> None:
    """
    See that a text can be opened here; *instead* is what does the same where none can.

    Raises:
        WrongCall: no editor is set, or nobody is at a terminal.
    """
    if not can_ask(json=False):
        raise WrongCall(f"An editor needs a terminal, and here is none: {instead}.")
    if not _editor():
        raise WrongCall(f"No editor is set: put its command into EDITOR, as in `EDITOR=nano`. Or {instead}.")


def edited(name: str, text: str, take: Callable[[str], None]) -> bool:
    """
    Open *text* under that *name* and *take* what it became; what is refused is opened again under the reasons. False where
    it was closed as it was opened: nothing was taken.

    Raises:
        WrongCall: the editor cannot be run or failed, or what it became cannot be taken at all; the file is kept then, and
            named.
    """
    file = Path(tempfile.mkdtemp(prefix="troupe-")) / name
    shown = text
    while True:
        file.write_text(shown, encoding="utf-8")
        _run(file)
        try:
            found = file.read_text(encoding="utf-8")
            if found == shown:
                break
            take(found)
        except (Refused, WrongPlan) as problem:
            shown = as_comment("\n".join(("Not taken:", *problem.reasons))) + _without_reasons(found)
        except UnicodeDecodeError:
            shown = as_comment("Not taken:\nThe file is no text in UTF-8.") + text
        except OSError as problem:
            raise WrongCall(f"{file} cannot be read any more ({problem.strerror}); nothing was changed.") from None
        except WrongCall as problem:
            raise WrongCall(f"{problem} What you wrote is in {file}.") from problem
        else:
            _remove(file)
            return True
    _remove(file)
    return False


def _without_reasons(text: str) -> str:
    lines = text.splitlines(keepends=True)
    if lines and lines[0].startswith("# Not taken:"):
        # They were put above the file's own head.
        own = next((n for n, line in enumerate(lines) if line.startswith("# The plan of ")), 0)
        return "".join(lines[own:])
    return text


def _editor() -> list[str]:
    command = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        return shlex.split(command)
    except ValueError:
        raise WrongCall(f"The editor {command!r} is no command: a quotation mark is left open in it.") from None


def _run(file: Path) -> None:
    command = [*_editor(), str(file)]
    try:
        code = subprocess.run(command, check=False).returncode  # noqa: S603 - a person's own editor
    except OSError as problem:
        why = problem.strerror or type(problem).__name__
        raise WrongCall(f"The editor {command[0]!r} cannot be run ({why}): EDITOR names another.") from None
    if code:
        raise WrongCall(
            f"The editor {command[0]!r} ended with {code}; nothing was changed. What you wrote is in {file}."
        )


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)
    if not any(file.parent.iterdir()):  # an editor may have left a copy there
        file.parent.rmdir()
