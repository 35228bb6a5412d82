"""What people do with learnings, and the copy in their workspace that follows."""

from collections.abc import Callable

import pytest

from director.goals.missing_files import write_all_missing
from director.memory import change, learn, readable
from director.office import Office
from director.prompting.forms import Lesson
from director.words.errors import NotFound, WrongCall
from director.words.learning import LearnedFrom
from director.words.models import Learning
from director.words.states import LearningState
from tests.director.memory.conftest import add_task

Change = Callable[[Office, str], object]


@pytest.fixture
def proposal(office: Office) -> Learning:
    """What the Director proposed."""
    with office.store.write() as tx:
        goal, _ = add_task(tx)
        lesson = Lesson(skill="copywriting", lesson="Name the day.", result="success")
        (made,) = learn.from_goal(tx, goal, [lesson])
    return made


def copy_of(office: Office) -> str:
    return (office.settings.workspace_dir / readable.PATH).read_text(encoding="utf-8")


def test_a_proposal_is_followed_once_a_person_accepts_it(office: Office, proposal: Learning) -> None:
    """Accepted twice it is accepted; the journal has who and when."""
    change.accept(office, proposal.id)

    assert LearningState.ACTIVE is change.accept(office, proposal.id).state
    assert f"- {proposal.id}: Name the day. (A person accepted it. From g1.)" in copy_of(office)


def test_in_a_persons_words_it_is_a_persons(office: Office, proposal: Learning) -> None:
    """Whoever words a proposal anew has read it: it is followed, in paid goals too."""
    edited = change.edit(office, proposal.id, " Name the day\nand the hour. ")

    assert ("Name the day and the hour.", LearningState.ACTIVE) == (edited.text, edited.state)
    assert (LearnedFrom.PERSON, None) == (edited.learned_from, edited.rehearsal)
    assert "Name the day." not in copy_of(office)


def test_what_is_retired_stays_in_the_copy_as_retired(office: Office, proposal: Learning) -> None:
    """Retired twice it is retired; neither accepted nor worded anew it comes back, and nothing changes."""
    change.retire(office, proposal.id)
    assert LearningState.RETIRED is change.retire(office, proposal.id).state
    for refused in (lambda: change.accept(office, proposal.id), lambda: change.edit(office, proposal.id, "Name it.")):
        with pytest.raises(WrongCall, match="memory add"):
            refused()

    assert "## Retired" in copy_of(office)
    assert "## Shown" not in copy_of(office)


@pytest.mark.parametrize(
    ("text", "skill", "said"),
    [
        ("Name the day.", "gnome-naming", "no skill 'gnome-naming'"),
        (" \u200b\n", "copywriting", "Say what to do"),
        ("Name it. " * 50, "copywriting", "at most 300 characters; this has 449"),
        ("Log in with AKIAABCDEFGHIJKLMNOP.", "copywriting", "contains an AWS key"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_the_reason(office: Office, text: str, skill: str, said: str) -> None:
    """And nothing is kept, nor a file written."""
    with pytest.raises(WrongCall, match=said):
        change.add(office, text, skill)

    with office.store.read() as tx:
        assert [] == tx.learnings.all("default")
    assert not (office.settings.workspace_dir / readable.PATH).exists()


@pytest.mark.parametrize(
    "do", [change.accept, change.retire, lambda office, ident: change.edit(office, ident, "Name it.")]
)
def test_of_a_learning_that_is_not_there_it_is_said_where_they_are_listed(office: Office, do: Change) -> None:
    """As of anything else people name."""
    with pytest.raises(NotFound, match=r"no learning 'm9'.*memory"):
        do(office, "m9")


def test_a_copy_that_went_away_is_written_again(office: Office, proposal: Learning) -> None:
    """By whoever starts to work next; where nothing is remembered there is none."""
    change.accept(office, proposal.id)
    before = copy_of(office)
    (office.settings.workspace_dir / readable.PATH).unlink()
    write_all_missing(office)

    assert before == copy_of(office)
