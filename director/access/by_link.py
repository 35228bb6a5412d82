"""The one question that a link in a notice is for: seen, and answered once, by whoever has the link, and nothing else."""

from dataclasses import dataclass

from director.inbox import approvals
from director.inbox.kinds import ways
from director.inbox.version import version_of_question
from director.notices.links import Link, NoGoodLink, read
from director.office import Office
from director.store.tx import Tx
from director.words.errors import NotFound, WrongField
from director.words.models import Approval
from director.words.states import Answer


@dataclass(frozen=True, slots=True)
class Seen:
    """The question of a link, in the office of its brand."""

    office: Office
    link: Link
    question: Approval
    is_as_it_was: (
        bool  #: whether it can still be answered with this link; if not, no more than what became of it is shown
    )


def see(office: Office, tx: Tx, secret: str) -> Seen:
    """
    The question of a link; nothing is changed.

    Raises:
        NoGoodLink: the link opens nothing.
    """
    link = read(office.settings.link_secret, secret, tx.now)
    try:
        question = tx.approvals.get(link.question)
    except NotFound as problem:
        raise NoGoodLink("The question of this link is in another record than this one.") from problem
    return Seen(office.of(question.brand), link, question, version_of_question(tx, question) == link.version)


def answer(office: Office, secret: str, said: Answer, words: str | None, *, cap_nano: int | None = None) -> Approval:
    """
    Give an answer with a link, whatever it raises: it went to whom the installation chose. *cap_nano* as in
    `approvals.answer`.

    Raises:
        NoGoodLink: the link opens nothing.
        ChangedSince: the question is not as it was when the link was made, because it was answered, perhaps with this link.
        WrongCall: that cannot be said to it; nothing changed.
    """
    with office.store.read() as tx:
        seen = see(office, tx, secret)
    if said not in ways(seen.question):
        raise WrongField("answer", f"A link answers with {' or '.join(ways(seen.question))}, and not with {said}.")
    by, version = seen.link.by, seen.link.version
    return approvals.answer(seen.office, seen.question.id, said, words, by=by, version=version, cap_nano=cap_nano)
