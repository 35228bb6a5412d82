"""The squads (squads.yaml): what the skills of one squad share."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from skills.documents import Unreadable, shown, text_of, yaml_in
from skills.rubric import minimums_in, weights_in
from skills.skill import Findings, SkillError, Squad

TIERS = ("opus", "sonnet", "haiku")
EFFORTS = ("low", "medium", "high", "xhigh", "max")

#: The squad of folders that only follow the public format.
GUEST = "guest"

_FILE = Path(__file__).with_name("squads.yaml")
_FIELDS = {"purpose", "tier", "effort", "weights", "minimums"}


@cache
def squads() -> Mapping[str, Squad]:
    """
    All squads by name, read once.

    Raises:
        SkillError: squads.yaml is broken.
    """
    return read_squads(_FILE)


def read_squads(file: Path) -> Mapping[str, Squad]:
    """
    The squads a file describes, in its order.

    Raises:
        SkillError: With the first thing that is wrong.
    """
    findings = Findings(file)
    found: dict[str, Squad] = {}
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        raise SkillError(f"{file}: {error}.") from None
    if not isinstance(document, dict) or GUEST not in document:
        raise SkillError(f"{file}: expected squads by name, {GUEST} among them, found {shown(document)}.")
    for name, entry in document.items():
        if not isinstance(entry, dict) or set(entry) != _FIELDS:
            findings.add(str(name), f"expected exactly {', '.join(sorted(_FIELDS))}, found {shown(entry)}")
            continue
        if not isinstance(entry["purpose"], str):
            findings.add(f"{name}.purpose", f"expected a line of text, found {shown(entry['purpose'])}")
        for key, known in (("tier", TIERS), ("effort", EFFORTS)):
            if entry[key] not in known:
                findings.add(f"{name}.{key}", f"expected one of {', '.join(known)}, found {shown(entry[key])}")
        found[str(name)] = Squad(
            name=str(name),
            purpose=str(entry["purpose"]),
            tier=str(entry["tier"]),
            effort=str(entry["effort"]),
            weights=weights_in(entry["weights"], findings, f"{name}.weights"),
            minimums=minimums_in(entry["minimums"], findings, f"{name}.minimums"),
        )
    if findings.faults:
        raise SkillError(f"{findings.faults[0]}.")
    return MappingProxyType(found)
