"""Events that are told of at the same time: each is written once, with the one turn that looks for triggers."""

from sqlalchemy import event, select

from director.mailbox.events import LOOK, receive, receive_all
from director.office import Office
from director.store import schema
from director.words.models import Told


def told(source: str, delivery: str) -> Told:
    """Something that happened."""
    return Told(source=source, delivery=delivery, type="new_blog_post", data={"of": f"{source} {delivery}"})


def test_each_is_written_once_with_its_turn(office: Office) -> None:
    """Copies among them, and of what was there, are the first; ids follow the order in which they were told."""
    with office.store.write() as tx:
        before, _ = receive(tx, brand=office.brand, source="shop", delivery="1", type="new_blog_post", data={})
        found = receive_all(
            tx,
            brand=office.brand,
            told=[told("shop", "2"), told("shop", "1"), told("blog", "1"), told("shop", "2"), told("shop", "3")],
        )

    assert before.id == "e1"
    assert found == [("e2", True), ("e1", False), ("e3", True), ("e2", False), ("e4", True)]
    with office.store.read() as tx:
        assert tx.events.get("e3").data == {"of": "blog 1"}
        turns = tx.conn.execute(select(schema.turns.c.verb, schema.turns.c.subject).order_by(schema.turns.c.id)).all()
    assert [tuple(turn) for turn in turns] == [(LOOK, f"e{number}") for number in range(1, 5)]


def test_nothing_is_nothing(office: Office) -> None:
    """No number is used up."""
    with office.store.write() as tx:
        assert receive_all(tx, brand=office.brand, told=[]) == []
        assert receive_all(tx, brand=office.brand, told=[told("shop", "1")]) == [("e1", True)]


def test_many_take_as_many_statements_as_one(office: Office) -> None:
    """What a statement costs is most of what an event costs."""
    counted: list[str] = []
    event.listen(office.store.engine, "before_cursor_execute", lambda *given: counted.append(given[2]))

    def statements(number: int) -> int:
        counted.clear()
        with office.store.write() as tx:
            receive_all(tx, brand=office.brand, told=[told(f"s{number}", str(n)) for n in range(number)])
        return len(counted)

    assert statements(50) == statements(1)
