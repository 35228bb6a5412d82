"""A person changes the product context without an editor: as they saw it, checked, and with the one before kept beside it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from director.files.context import LARGEST_CONTEXT, context_file, read_context, write_context
from director.office import Office
from director.words.characters import has_visible, with_line_feeds, without_controls
from director.words.errors import ChangedSince, WrongCall
from director.words.own_secrets import own_secrets
from director.words.redaction import blank, distinctive, find
from director.words.version import version_of

#: Under which those who change it follow each other, so that each sees what the one before wrote.
_CHANGING: Final = "context"


@dataclass(frozen=True, slots=True)
class Changed:
    """What came of it."""

    kept: Path | None  #: where the one before is; None where there was none, or nothing changed
    taken_out: tuple[str, ...]  #: what looked like a secret: every specialist is shown the context


def version_of_context(text: str | None) -> str:
    """Another as soon as it says anything else; None where there is none yet."""
    return version_of({"context": text})


def change_context(office: Office, text: str, *, by: str, version: str, what: str = "all of it") -> Changed:
    """
    Write the brand's context anew; *version* is of the one somebody saw, and *what* of it they changed, for the journal. The
    same again changes nothing. Goals that were given before keep the context they began with.

    Raises:
        ChangedSince: the file says something else by now, whoever wrote it; it stands as it is.
        WrongCall: nothing can be read in it, or it is larger than a context can be.
        WorkspaceError: it cannot be written.
    """
    new = f"{without_controls(with_line_feeds(text)).strip()}\n"
    if not has_visible(new):
        raise WrongCall("Nothing can be read in it: say something about the business.")
    if len(new.encode()) > LARGEST_CONTEXT:
        raise WrongCall(f"It would be larger than {LARGEST_CONTEXT // 1024} kB: a product context is a few pages.")
    clean = blank(new, distinctive(own_secrets(office.settings)))
    with office.store.write() as tx:
        tx.presence.one_at_a_time(_CHANGING)
        before = read_context(office.settings, None)
        if before == clean:
            return Changed(None, ())
        if version_of_context(before) != version:
            raise ChangedSince(
                f"What the team knows ({context_file(office.settings).name}) changed since you saw it. Yours was not taken; "
                "look at what is there now."
            )
        kept = write_context(office.settings, new, replace=True)
        tx.note(None, office.brand, "context changed", by=by, detail=what)
    return Changed(kept, tuple(find(clean)))
