"""The command line: a second door to the same rooms. Results on standard output, complaints on standard error."""

import sys
from typing import NoReturn

import typer

# typer brings its own copy of click and exports only some of its errors.
from typer._click.exceptions import ClickException, NoArgsIsHelpError

from director.cli import approvals, context, goal, pipelines, skills, status
from director.errors import DirectorError, WrongCall

app = typer.Typer(
    help="Troupe: a self-operating marketing team. Give it a goal.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.command("init")(context.init)
app.add_typer(context.app, name="context")
app.command("goal")(goal.goal)
app.command("pipeline")(goal.pipeline)
app.command("status")(status.status)
app.command("watch")(goal.watch)
app.command("show")(status.show)
app.command("cancel")(goal.cancel)
app.command("approvals")(approvals.approvals)
app.command("approve")(approvals.approve)
app.command("reject")(approvals.reject)
app.command("revise")(approvals.revise)
app.command("pipelines")(pipelines.pipelines)
app.add_typer(skills.app, name="skills")


def main() -> None:
    """Run a command. The one place where errors become a sentence and an exit code."""
    try:
        for word in sys.argv[1:]:
            if not word.isascii() and any("\ud800" <= letter <= "\udfff" for letter in word):
                raise WrongCall(f"Words have to be UTF-8 text; {word!a} is not.")
        code = app(prog_name="python -m director", standalone_mode=False)
    except DirectorError as problem:
        _complain(str(problem), problem.exit_code)
    except NoArgsIsHelpError as problem:
        problem.show()
        raise SystemExit(problem.exit_code) from None
    except ClickException as problem:
        _complain(f"{problem.format_message()} `python -m director --help` says what there is.", problem.exit_code)
    except typer.Abort:
        _complain("Stopped; what was given so far is kept (`python -m director status`).", 1)
    raise SystemExit(code or 0)


def _complain(sentence: str, code: int) -> NoReturn:
    print(" ".join(sentence.split()), file=sys.stderr)  # noqa: T201
    raise SystemExit(code)
