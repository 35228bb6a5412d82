"""`calibrate`: how far the reviewer can be trusted, by texts whose faults are known and by what people answered."""

import typer
from rich.text import Text

from director.bootstrap import opened
from director.calibration import begin, people
from director.calibration.begin import ToDo
from director.calibration.texts import texts
from director.cli import team_slot
from director.cli.consent import can_ask
from director.cli.documents import print_document
from director.cli.left_goals import say_before
from director.cli.outcome import why_not
from director.cli.run import follow_here, follow_worker, worker_runs
from director.cli.terminal import console, counted, fitted, say_workspace
from director.office import Office
from director.progress.roles import reviewing_model
from director.tasks.known_error import ENOUGH_PAIRS, KINDS, Measured, OfKind, Share
from director.views.calibration import agreement_document, calibration_document, of_all
from director.words.amounts import usd
from director.words.errors import WrongCall
from director.words.models import Goal
from director.words.settings import from_env
from director.words.states import GoalState


def run(*, kinds: str | None, limit: int | None, shuffle: int | None, yes: bool, json: bool) -> None:
    """
    Have the reviewer judge what it has not judged yet, and show what is known then; exit code 1 where that stopped before its
    end. Calibrations that were interrupted go on.
    """
    settings = from_env()
    with opened(settings, begins=True) as office:
        with office.store.read() as tx:
            left = tx.goals.calibrating(office.brand, rehearsal=settings.rehearses)
        wanted = [] if kinds is None else [kind.strip() for kind in kinds.split(",")]
        todo = begin.look(office, kinds=wanted, limit=limit, shuffle=shuffle)
        if not json:
            say_workspace(settings)
            _say_what(office, todo, left)
        if not todo.ask and left is None:
            begin.keep(office, todo.certain)
            _print(office, json=json)
            return
        if left is None:
            begin.see_that_it_fits(office, todo, rehearsal=settings.rehearses)  # before a person is asked
            if not settings.rehearses:
                _agree(todo, yes=yes, json=json)
        if worker_runs(office, rehearsal=settings.rehearses):
            # The one that was left may be over by now; another would be paid for, and nobody agreed to that.
            goal = left or begin.begin(office, todo, rehearsal=settings.rehearses)
            goal, _ = follow_worker(office, goal.id, json=json)
            _finish(office, goal, json=json)
            return
    with team_slot.make(settings, left.id if left else "") as office:
        goal = left or begin.begin(office, todo, rehearsal=settings.rehearses, here=True)
        if not json:
            say_before(office, goal.id)
        goal, _ = follow_here(office, goal.id, json=json)
        _finish(office, goal, json=json)


def print_known(*, json: bool) -> None:
    """What is known, without asking anything."""
    with opened(from_env()) as office:
        _print(office, json=json)


def print_people(*, json: bool) -> None:
    """How often people who answered about a draft said what the reviewer had said."""
    with opened(from_env()) as office, office.store.read() as tx:
        found, left_out = people.agreement(tx)
    if json:
        print_document(agreement_document(found, left_out))
        return
    out = console()
    if found:
        rows = [
            (
                one.skill,
                str(one.of),
                str(one.agreed),
                _percent(one.share) if one.tells else "too few to tell",
                str(one.taken),
                str(one.returned),
            )
            for one in found
        ]
        columns = ("skill", "answers", "agreed", "share (95 %)", "taken", "sent back")
        right = ("answers", "agreed", "taken", "sent back")
        out.print(fitted(rows, columns, out.width, text="skill", right=right))
        out.print("taken: the reviewer had sent it back. sent back: the reviewer had approved it.")
    else:
        out.print("No person answered yet about a draft that a model had reviewed.")
    if left_out:
        out.print(
            f"Left out: {counted(left_out, 'answer')} about rehearsed drafts, or about what the certain checks sent back."
        )


def _say_what(office: Office, todo: ToDo, left: Goal | None) -> None:
    out = console()
    if left is not None:
        out.print(f"{left.id}, a calibration that was interrupted, goes on.")
        return
    model = (
        "the built-in model (a rehearsal, which judges nothing)" if office.claude.rehearses else reviewing_model(office)
    )
    out.print(
        f"{counted(len(todo.certain), 'text')} sent back by the certain checks, for nothing; "
        f"{counted(len(todo.ask), 'text')} to be judged by {model}"
        + (f", {todo.known_before} were before." if todo.known_before else ".")
    )
    if todo.ask and not office.claude.rehearses:
        out.print(f"That likely costs {usd(todo.likely_nano)}, and {usd(todo.most_nano)} at most.")


def _agree(todo: ToDo, *, yes: bool, json: bool) -> None:
    if yes:
        return
    if not can_ask(json=json):
        raise WrongCall(
            f"This calibration is paid for (likely {usd(todo.likely_nano)}, {usd(todo.most_nano)} at most), and nobody is "
            "asked here: say --yes, or fewer texts with --limit N or --kinds."
        )
    if not typer.confirm("Pay for it?", default=False):
        raise WrongCall("Nothing was asked and nothing is paid.")


def _finish(office: Office, goal: Goal, *, json: bool) -> None:
    with office.store.read() as tx:
        goal, questions = tx.goals.get(goal.id), len(tx.approvals.open(goal.id))
    if not json:
        console().print()
    _print(office, json=json)
    if goal.state is not GoalState.COMPLETED:
        typer.echo(why_not(goal, questions), err=True)
        raise typer.Exit(1)


def _print(office: Office, *, json: bool) -> None:
    with office.store.read() as tx:
        found = of_all(tx, office, reviewing_model(office))
    if json:
        print_document(calibration_document(found, len(texts())))
        return
    out = console()
    known = [one for one in found if one.kinds or one.clean.of]
    for number, one in enumerate(known or found[:1]):
        if number:
            out.print()
        if one in known:
            _table(one)
        else:
            out.print(one.sentence())


def _table(one: Measured) -> None:
    out = console()
    title = f"{one.model} as the reviewer" if not one.rehearsal else "Rehearsed: the built-in model judges nothing"
    out.print(Text(f"{title}, {one.at:%Y-%m-%d}", style="magenta" if one.rehearsal else "bold"))
    rows = [_row(kind, kind.kind) for kind in one.kinds]
    rows += [_row(one.planted, "all planted"), _row(one.clean, "clean texts")]
    columns = ("planted", "texts", "by checks", "by reviewer", "sent back", "95 %", "what it is")
    right = ("texts", "by checks", "by reviewer", "sent back")
    out.print(fitted(rows, columns, out.width, text="what it is", least=46, right=right, drop=("what it is",)))
    out.print()
    measures = [
        (
            name.replace("_", " "),
            str(share.of),
            f"{share.found:g}",
            _percent(share) if share.of else "",
            _counts(one, name, share),
        )
        for name, share in one.dimensions.items()
    ]
    heads = ("dimension", "pairs", "lower", "share (95 %)", "so")
    out.print(fitted(measures, heads, out.width, text="so", right=("pairs", "lower")))
    out.print(
        "pairs: texts with a fault that this dimension is about, each beside its clean twin. lower: scored lower than that; "
        "a tie is half."
    )


def _row(kind: OfKind, name: str) -> tuple[str, ...]:
    by_reviewer = kind.sent_back - kind.by_checks
    low, high = kind.share.interval
    share = f"{100 * kind.sent_back / kind.of:.0f} %" if kind.of else ""
    said = KINDS[kind.kind].said if kind.kind in KINDS else "are sent back by mistake" if name == "clean texts" else ""
    interval = f"{100 * low:.0f} to {100 * high:.0f} %" if kind.of else ""
    return name, str(kind.of), str(kind.by_checks), str(by_reviewer), share, interval, said


def _counts(one: Measured, name: str, share: Share) -> str:
    if one.rehearsal:
        return "rehearsed: changes nothing"
    if share.of < ENOUGH_PAIRS:
        return f"counts: too few pairs to tell ({ENOUGH_PAIRS} are needed)"
    return "does not count: no better than chance" if name in one.weightless else "counts"


def _percent(share: Share) -> str:
    low, high = share.interval
    return f"{100 * share.found / share.of:.0f} % ({100 * low:.0f} to {100 * high:.0f})"
