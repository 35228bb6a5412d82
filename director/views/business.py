"""What the team knows about the business: the product context by its sections, how old it is, and what is missing in it."""

from datetime import UTC, datetime
from typing import Any, Final

from director.files.change_context import version_of_context
from director.files.context import context_file, read_context
from director.office import Office
from director.views.rendered import rendered
from director.words.errors import NotFound, WrongCall
from skills.context import WRITER, Part, Standing, judge, readers_of, said_of

#: Days after which somebody should look whether it is still so.
_OLD: Final = 90

STANDINGS: Final = {
    Standing.THERE: "known",
    Standing.THIN: "little is known",
    Standing.UNKNOWN: "nothing is known yet",
    Standing.MISSING: "nothing is known yet",
}


def business_document(office: Office, now: datetime) -> dict[str, Any]:
    """All sections, from 1, with who reads them; none where `unreadable` says why the file cannot be used."""
    file = context_file(office.settings)
    document: dict[str, Any] = {
        "file": str(file),
        "unreadable": None,
        "changed_at": None,
        "is_old": False,
        "sections": [],
    }
    try:
        text = read_context(office.settings, None)
    except WrongCall as problem:
        return {**document, "unreadable": str(problem), "version": "", "there": False, "gaps": 0}
    skills = office.catalog.roster.skills
    parts = office.catalog.parts
    found = judge(text or "", parts, skills[WRITER])
    readers = readers_of(found, skills.values())
    if text is not None:
        changed = datetime.fromtimestamp(file.stat().st_mtime, UTC)
        document |= {"changed_at": changed.isoformat(), "days": max(0, (now - changed).days)}
        document["is_old"] = document["days"] >= _OLD
    return {
        **document,
        "version": version_of_context(text),
        "there": text is not None,
        "text": text or "",
        "gaps": sum(one.standing.is_gap for one in found),
        "sections": [
            {
                "number": number,
                "title": one.part.title,
                "asks": one.part.asks,
                "standing": one.standing,
                "said": STANDINGS[one.standing],
                "is_gap": one.standing.is_gap,
                "perhaps": one.perhaps,
                "words": one.words,
                "read_by": sum(one in reader.reads for reader in readers),
                "text": said_of(text or "", one.part, parts),
                "html": rendered(said_of(text or "", one.part, parts), below=2),
            }
            for number, one in enumerate(found, 1)
        ],
    }


def part_of(office: Office, number: int) -> Part:
    """
    The section of that number, from 1.

    Raises:
        NotFound: there is none.
    """
    parts = office.catalog.parts
    if not 1 <= number <= len(parts):
        raise NotFound("section", f"{number}", f"a product context has {len(parts)}")
    return parts[number - 1]
