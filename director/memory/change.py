"""What people do with learnings: add, word anew, accept, retire."""

from typing import Final

from director.memory import learn
from director.memory.readable import mirror
from director.office import DIRECTOR, Office
from director.store.tx import Tx
from director.words.command import program
from director.words.errors import CannotChange, ChangedSince, WrongField
from director.words.learning import LearnedFrom
from director.words.models import Learning
from director.words.redaction import find
from director.words.states import LearningState
from director.words.version import version_of

#: Who did it, in the journal.
PERSON: Final = LearnedFrom.PERSON


def add(office: Office, text: str, skill: str) -> Learning:
    """
    A person's sentence for all work of *skill*, or of everybody where that is the Director; what says the same is put in
    these words.

    Raises:
        WrongField: no such skill, or no sentence that can be kept.
    """
    said = check(office, text, skill)
    with office.store.write() as tx:
        made = learn.from_person(tx, office.brand, skill, said)
    mirror(office)
    return made


def check(office: Office, text: str, skill: str) -> str:
    """The sentence as `add` keeps it, by `learn.from_person`, and raises."""
    known = {*office.skills, DIRECTOR}
    if skill not in known:
        raise WrongField(
            "skill",
            f"There is no skill {skill[:80]!r}; `{program()} skills` lists them, and {DIRECTOR!r} is for all.",
        )
    return _checked(text)


def edit(office: Office, ident: str, text: str, *, by: str = PERSON, version: str | None = None) -> Learning:
    """
    The learning in a person's words, which are followed: whoever words it has read it. Its figures begin anew. With *version*,
    only as it was seen (`version_of_learning`).

    Raises:
        NotFound: no such learning.
        ChangedSince: it is not as it was seen.
        CannotChange: it was retired.
        WrongField: this is no sentence that can be kept.
    """
    said = _checked(text)
    with office.store.write() as tx:
        one = _to_follow(tx, ident, version)
        changed = learn.in_persons_words(tx, one, said, by=by)
    mirror(office.of(changed.brand))
    return changed


def accept(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Learning:
    """
    Follow a proposal from here on. Accepted again it is as it was. *version* as in `edit`.

    Raises:
        NotFound: no such learning.
        ChangedSince: it is not as it was seen.
        CannotChange: it was retired.
    """
    with office.store.write() as tx:
        one = _to_follow(tx, ident, version)
        if one.state is LearningState.PROPOSED:
            one = tx.learnings.move(one, LearningState.ACTIVE, by=by, why="A person accepted it.")
    mirror(office.of(one.brand))
    return one


def retire(office: Office, ident: str, *, by: str = PERSON, version: str | None = None) -> Learning:
    """
    Show it no more; work that was begun with it goes on. Retired again it is as it was. *version* as in `edit`.

    Raises:
        NotFound: no such learning.
        ChangedSince: it is not as it was seen.
    """
    with office.store.write() as tx:
        one = _seen(tx, ident, version)
        if one.state is not LearningState.RETIRED:
            one = tx.learnings.move(one, LearningState.RETIRED, by=by, why="A person retired it.")
    mirror(office.of(one.brand))
    return one


def version_of_learning(one: Learning) -> str:
    """Another as soon as its words or its state are; what is found again and again is the same."""
    return version_of({"id": one.id, "text": one.text, "state": one.state})


def _to_follow(tx: Tx, ident: str, version: str | None) -> Learning:
    one = _seen(tx, ident, version)
    if one.state is LearningState.RETIRED:
        raise CannotChange(f'{ident} was retired; say it anew: `{program()} memory add "…" --skill {one.skill}`.')
    return one


def _seen(tx: Tx, ident: str, version: str | None) -> Learning:
    tx.learnings.one_at_a_time()
    one = tx.learnings.get(ident)
    if version is not None and version_of_learning(one) != version:
        raise ChangedSince(
            f"{ident} changed since you saw it: it is {one.state}, “{one.text}”. Nothing was done; look again."
        )
    return one


def _checked(text: str) -> str:
    said = learn.one_line(text)
    if learn.fits(said):
        return said
    if secrets := find(said):
        raise WrongField(
            "text", f"It contains {' and '.join(secrets)}, and every prompt would repeat that. Leave it out."
        )
    if len(said) > learn.LONGEST:
        raise WrongField(
            "text", f"A learning is a sentence of at most {learn.LONGEST} characters; this has {len(said):,}."
        )
    raise WrongField("text", 'Say what to do in a sentence, such as "Name the day, not the week".')
