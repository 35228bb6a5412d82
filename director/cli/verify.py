"""`verify`: what is not as its receipt says."""

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, counted
from director.verification.verify import Verified, verify
from director.views.verify import verified_document

#: Tasks that are named of those without a receipt.
_MOST_NAMED = 5


def print_verified(ident: str | None, *, json: bool) -> int:
    """What was changed, of one goal or of all; the exit code, 1 when anything was."""
    with opened_for(ident) as office:
        found = verify(office, ident)
    if json:
        print_document(verified_document(found))
    else:
        _print(found)
    return 1 if found.mismatches else 0


def _print(found: Verified) -> None:
    out = console()
    for mismatch in found.mismatches:
        out.print(str(mismatch))
    looked = f"{counted(found.goals, 'goal')}, {counted(found.deliverables, 'deliverable')} with a receipt, " + counted(
        found.files, "file"
    )
    much = f"{len(found.mismatches):,} {'mismatch' if len(found.mismatches) == 1 else 'mismatches'}"
    out.print(f"{looked}: {much}.")
    if found.without:
        named = ", ".join(found.without[:_MOST_NAMED])
        more = f" and {len(found.without) - _MOST_NAMED:,} more" if len(found.without) > _MOST_NAMED else ""
        out.print(f"Not verified, approved before receipts were kept: {named}{more}.")
