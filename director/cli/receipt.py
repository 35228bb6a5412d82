"""`show --receipt`: what is known of an approved deliverable, in short tables."""

from collections.abc import Iterator, Sequence
from typing import Final

from director.cli.branded import opened_for
from director.cli.documents import print_document
from director.cli.terminal import console, counted, fitted
from director.evidence.sources import Where
from director.receipts.receipt import Stated
from director.views.receipt import Found, find, receipt_document
from director.words.amounts import usd
from director.words.characters import visible
from director.words.command import program
from director.words.models import Review
from director.words.scores import SHAPE_CHECKED

#: What nobody vouches for stands first, then what may be wrong, then the sources.
_ORDER: Final = (
    Where.NOWHERE, Where.INPUT, Where.ASSUMED, Where.FOLLOWS, Where.CONTEXT, Where.GOAL, Where.BRIEF, Where.REFERENCE,
)  # fmt: skip

_SEVERITIES: Final = ("critical", "major", "minor", "suggestion")


def show_receipt(ident: str, *, json: bool) -> None:
    """The receipt of a task's deliverable, or of a piece of it."""
    with opened_for(ident) as office, office.store.read() as tx:
        found = find(tx, ident)
    if json:
        print_document(receipt_document(found))
    else:
        _print(found)


def _print(found: Found) -> None:
    out, receipt, task = console(), found.receipt, found.task
    revision = receipt.rows["drafts"][str(receipt.draft)]["revision"]
    out.print(f"{task.id}  {task.skill}, revision {revision}, approved by {receipt.by} at {receipt.at[:19]}Z")
    if found.piece is not None:
        out.print(f"Of it: {visible(found.piece)}")
    out.print()
    if found.facts:
        rows = [(where, visible(", ".join(words))) for where, words in _by_source(found.facts).items()]
        out.print(fitted(rows, ("source", "facts"), out.width, text=("source", "facts"), least=30))
    else:
        out.print("No fact was found in it.")
    out.print()
    if receipt.checks:
        out.print("What the certain checks found:")
        for fault in receipt.checks:
            out.print(f"- {visible(fault)}")
        out.print()
    if verdicts := [_verdict(found, review) for review in found.reviews]:
        columns = ("verdict", "by", "revision", "said", "score", "findings")
        out.print(fitted(verdicts, columns, out.width, text="findings", right=("revision", "score")))
        out.print()
    for line in _rest(found):
        out.print(line)


def _by_source(facts: Sequence[Stated]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for fact in sorted(facts, key=lambda fact: _ORDER.index(Where(fact.where))):
        words = found.setdefault(_source(fact), [])
        if fact.words not in words:
            words.append(fact.words)
    return found


def _source(fact: Stated) -> str:
    match Where(fact.where):
        case Where.NOWHERE:
            return "nobody: open"
        case Where.INPUT:
            return f"only {fact.by}: open"
        case Where.ASSUMED:
            return "assumed, as it says"
        case Where.FOLLOWS:
            return f"follows from {fact.by}"
    return fact.by


def _verdict(found: Found, review: Review) -> Sequence[str]:
    drafts = found.receipt.rows["drafts"]
    rehearsed = any(row.get("rehearsal") and row["purpose"] == "review" for row in found.receipt.rows["calls"].values())
    severities = [finding.get("severity") for finding in review.document.get("findings", ())]
    findings = [f"{severities.count(one)} {one}" for one in _SEVERITIES if one in severities]
    findings += [f"check: {fault}" for fault in review.document.get("certain", ())]
    scored = "" if review.score is None else SHAPE_CHECKED if rehearsed else f"{review.score:.1f}"
    return (
        f"r{review.id}",
        review.by,
        str(drafts.get(str(review.draft), {}).get("revision", "")),
        review.verdict,
        scored,
        ", ".join(findings),
    )


def _rest(found: Found) -> Iterator[str]:
    receipt = found.receipt
    if receipt.checks == []:
        yield "Certain checks: nothing found."
    calls = receipt.rows.get("calls", {}).values()
    rehearsed = " (rehearsed, nothing was paid)" if any(row.get("rehearsal") for row in calls) else ""
    yield f"Model: {receipt.model or 'none'}; {counted(receipt.calls, 'call')}, {usd(receipt.cost_nano)}{rehearsed}"
    if receipt.inputs:
        yield f"Builds on: {', '.join(task for task, _ in receipt.inputs)}"
    for ident, row in receipt.rows.get("approvals", {}).items():
        yield f"Asked: {ident}, {row.get('answer', row['state'])} at {str(row.get('answered_at', ''))[:19]}Z"
    yield f"Prompt: SHA-256 {receipt.prompt}" if receipt.prompt else "Prompt: none"
    yield f"Text: SHA-256 {receipt.text}"
    yield f"Receipt {receipt.number} of {receipt.goal}: SHA-256 {found.hash}; `{program()} verify {receipt.goal}` compares."
