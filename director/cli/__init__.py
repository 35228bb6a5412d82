"""The command line: the use cases as commands. Results on standard output, complaints on standard error."""

import io
import os
import sys
from pathlib import Path
from typing import NoReturn

import typer

# typer brings its own copy of click and exports only some of its errors.
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from director.cli.commands import command
from director.words.command import program
from director.words.errors import DirectorError, WrongCall
from director.words.redaction import blank
from director.words.streams import guard


def main() -> None:
    """Run a command. The one place where errors become a sentence and an exit code."""
    _make_streams_usable()
    try:
        for word in sys.argv[1:]:
            if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
                raise WrongCall(f"Words have to be UTF-8 text; {word!a} is not.")
        code = command()(prog_name=program(), standalone_mode=False)
        sys.stdout.flush()
    except DirectorError as problem:
        look = f" `{program()} doctor` looks for all that is wrong." if problem.of_installation else ""
        _complain(f"{problem}{look}", problem.exit_code)
    except NoArgsIsHelpError as problem:
        problem.show()
        raise SystemExit(problem.exit_code) from None
    except ClickException as problem:
        _complain(f"{problem.format_message()} `{program()} --help` says what there is.", problem.exit_code)
    except typer.Abort:
        _complain(f"Stopped; what was given so far is kept (`{program()} status`).", 1)
    except OSError as problem:
        if not _output_fails():
            raise
        # What is left in the buffer goes nowhere, else Python complains about it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(problem, BrokenPipeError):
            raise SystemExit(1) from None  # the reader of a pipe closed it
        _complain(f"Standard output cannot be written: {problem.strerror or problem}.", 1)
    raise SystemExit(code or 0)


def _make_streams_usable() -> None:
    """Whatever the caller's streams are: one that is closed is nobody, what its encoding has not or would obey is escaped."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - open as long as we are
        elif mode == "w" and isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    guard()


def _output_fails() -> bool:
    # Else it was another file's error. What fails once fails again, whether or not the stream has a buffer.
    try:
        print(flush=True)  # noqa: T201
    except OSError:
        return True
    return False


def _complain(sentence: str, code: int) -> NoReturn:
    # A key in the wrong place of a command is not repeated either.
    print(" ".join(blank(sentence).split()), file=sys.stderr)  # noqa: T201
    raise SystemExit(code)
