"""A person says which schedules start goals by themselves."""

from collections.abc import Iterable

from director.office import Office
from director.progress.questions import PERSON
from director.triggers.schedules import Schedules


def switch(office: Office, found: Schedules, names: Iterable[str], *, on: bool, by: str = PERSON) -> None:
    """
    Switch those of *found* with these names on or off; nothing is switched where one of the names is wrong. One that was off
    begins with the first slot after now. Also one whose file is broken or gone can be switched off.

    Raises:
        WrongCall: there is no such schedule, or its file is broken.
    """
    with office.store.write() as tx:
        for name in dict.fromkeys(names):
            row = tx.slots.schedule(office.brand, name)
            if on or row is None:
                found.find(name)
            tx.slots.enable(office.brand, name, enabled=on)
            if row is None or row.enabled is not on:
                tx.note(None, office.brand, f"schedule switched {'on' if on else 'off'}", by=by, detail=name)
