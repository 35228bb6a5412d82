"""One skill folder read from disk, its front matter and its files: the skill, or what is wrong with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from skills import markdown
from skills.documents import Unreadable, shown, text_of, yaml_in
from skills.rubric import read_rubric
from skills.skill import Fault, Findings, Reference, Section, Skill, Squad
from skills.squads import EFFORTS, GUEST, TIERS, squads

#: What a deliverable of a guest must have at least, when its folder does not say.
GUEST_MINIMUM_WORDS = 150

#: Words that mean something else where a skill's name may stand: in `consumers`, in a plan, among the actors.
RESERVED = ("all", "none", "director", "reviewer")

_OUT = "expected a file inside the skill's folder, found a link that leads out of it"
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OPTIONAL = re.compile(r"(?<![ \t])[ \t]*+\(optional\)$", re.IGNORECASE)
_LINK = re.compile(r"\[([^\[\]]*+)\]\((?:\./)?(references/[^)\s#]{1,300}+)[^)]{0,300}+\)")


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one folder; `skill` is there when nothing is wrong with it."""

    folder: Path
    skill: Skill | None
    faults: tuple[Fault, ...]
    front: Mapping[str, object] = field(default_factory=dict)  #: As written; empty when it could not be read.
    body: str = ""

    @property
    def file(self) -> Path:
        """Its SKILL.md."""
        return self.folder / "SKILL.md"


def read(folder: Path) -> Reading:
    """Read a folder that holds a SKILL.md; what is wrong is in the reading's faults, never an exception."""
    findings = Findings(folder / "SKILL.md")
    if _leads_out(findings.file, folder):
        findings.add("file", _OUT)
        return Reading(folder, None, tuple(findings.faults))
    try:
        text = text_of(findings.file)
    except Unreadable as error:
        findings.add("file", str(error))
        return Reading(folder, None, tuple(findings.faults))
    try:
        front, body = _split(text)
    except Unreadable as error:
        findings.add("front matter", str(error))
        return Reading(folder, None, tuple(findings.faults))
    skill = _skill(folder, front, body, findings)
    return Reading(folder, None if findings.faults else skill, tuple(findings.faults), front, body)


def links_in(body: str) -> Mapping[str, str]:
    """Each `references/…` path the text links to, in order, with the first link's words."""
    links: dict[str, str] = {}
    for words, target in _LINK.findall(body):
        links.setdefault(unquote(target), words.strip())
    return links


def names_in(text: str) -> tuple[str, ...]:
    """A comma-separated list as front matter writes it; `none` is an empty one."""
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    return () if names == ("none",) else names


def _split(text: str) -> tuple[dict[str, object], str]:
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        raise Unreadable(f"expected the first line to be ---, found {shown(lines[0])}")
    end = next((number for number, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if end is None:
        raise Unreadable("expected a second line --- that closes it, found none")
    front = yaml_in("\n".join(lines[:end]))
    if not isinstance(front, dict):
        raise Unreadable(f"expected keys with values, found {shown(front)}")
    return front, "\n".join(lines[end + 1 :]).strip("\n")


def _skill(folder: Path, front: Mapping[str, object], body: str, findings: Findings) -> Skill | None:
    name = _name(front, folder, findings)
    description = _description(front, findings)
    metadata = _metadata(front, findings)
    squad = _squad(metadata, findings)
    if squad is None:
        return None
    required = _listed(metadata, "required-sections")
    outline = _outline(body)
    if squad.name == GUEST:
        wanted = set(required)
        outline = tuple(replace(section, required=section.title in wanted) for section in outline)
    _compare(required, tuple(section.title for section in outline if section.required), findings)
    return Skill(
        name=name,
        description=description,
        squad=squad.name,
        consumers=_consumers(name, metadata, findings),
        pieces=_listed(metadata, "pieces"),
        minimum_words=_minimum_words(metadata, squad, findings),
        required_sections=required,
        tier=_choice("tier", metadata, squad.tier, TIERS, findings),
        effort=_choice("effort", metadata, squad.effort, EFFORTS, findings),
        tools=names_in(metadata.get("tools", "")),
        outline=outline,
        rubric=read_rubric(folder / "rubric.yaml", squad, findings),
        references=_references(folder, body, findings),
        text=body,
        folder=folder,
    )


def _name(front: Mapping[str, object], folder: Path, findings: Findings) -> str:
    name = front.get("name")
    if not isinstance(name, str) or len(name) > 64 or not _NAME.fullmatch(name):
        findings.add(
            "name",
            f"expected 1 to 64 of a-z, 0-9 and single hyphens between them, found {shown(front.get('name'))}",
        )
    elif name != folder.name:
        findings.add("name", f"expected the folder's name {folder.name}, found {name}; rename one of them")
    elif name in RESERVED:
        findings.add("name", f"expected a name that is not one of {', '.join(RESERVED)}; rename the folder")
    return str(name)


def _description(front: Mapping[str, object], findings: Findings) -> str:
    value = front.get("description")
    description = value.strip() if isinstance(value, str) else ""
    if not description:
        findings.add("description", f"expected a text that says what it does and when to use it, found {shown(value)}")
    elif len(description) > 1024:
        findings.add("description", f"expected at most 1024 characters, found {len(description)}")
    return description


def _metadata(front: Mapping[str, object], findings: Findings) -> dict[str, str]:
    """Our own keys as text. Numbers will do here; that they ought to be in quotes is for `rules` to say."""
    given = front.get("metadata")
    if given is None:
        return {}
    if not isinstance(given, dict):
        findings.add("metadata", f"expected keys with values, found {shown(given)}")
        return {}
    metadata: dict[str, str] = {}
    for key in ("squad", "consumers", "pieces", "minimum-words", "required-sections", "tools", "tier", "effort"):
        value = given.get(key)
        if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 10**9:
            value = str(value)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            findings.add(f"metadata.{key}", f"expected text, found {shown(value)}")
        elif value is not None:
            metadata[key] = value.strip()
    return metadata


def _listed(metadata: Mapping[str, str], key: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in metadata.get(key, "").split("|") if part.strip())


def _squad(metadata: Mapping[str, str], findings: Findings) -> Squad | None:
    name = metadata.get("squad")
    if name is None and ("consumers" in metadata or "required-sections" in metadata):
        findings.add("metadata.squad", f"expected one of {', '.join(squads())}, found nothing")
        return None
    squad = squads().get(name or GUEST)
    if squad is None:
        findings.add("metadata.squad", f"expected one of {', '.join(squads())}, found {shown(name)}")
    return squad


def _consumers(name: str, metadata: Mapping[str, str], findings: Findings) -> tuple[str, ...]:
    consumers = names_in(metadata.get("consumers", ""))
    if len(set(consumers)) < len(consumers):
        findings.add("metadata.consumers", f"expected each name once, found {', '.join(consumers)}")
    if name in consumers:
        findings.add("metadata.consumers", f"expected other skills, found {name} itself")
    if len(consumers) > 1 and {"all", "none"} & set(consumers):
        findings.add("metadata.consumers", f"expected names, or all, or none, found {', '.join(consumers)}")
    return consumers


def _minimum_words(metadata: Mapping[str, str], squad: Squad, findings: Findings) -> int:
    given = metadata.get("minimum-words")
    if given is None and squad.name == GUEST:
        return GUEST_MINIMUM_WORDS
    if given is None or not re.fullmatch("[0-9]{1,6}", given) or int(given) < 1:
        findings.add("metadata.minimum-words", f"expected a whole number from 1, found {shown(given)}")
        return 0
    return int(given)


def _choice(key: str, metadata: Mapping[str, str], default: str, known: tuple[str, ...], findings: Findings) -> str:
    given = metadata.get(key, default)
    if given not in known:
        findings.add(f"metadata.{key}", f"expected one of {', '.join(known)}, found {shown(given)}")
    return given


def _outline(body: str) -> tuple[Section, ...]:
    lines = body.split("\n")
    headings = [heading for heading in markdown.headings(body) if heading[1] <= 3]
    ends = [*(number for number, _, _ in headings), len(lines)][1:]
    sections: list[Section] = []
    inside = False
    for (number, level, title), end in zip(headings, ends, strict=True):
        if level < 3:
            inside = level == 2 and title == "Deliverable"
        elif inside:
            guidance = "\n".join(lines[number + 1 : end]).strip()
            sections.append(Section(_OPTIONAL.sub("", title), guidance, required=not _OPTIONAL.search(title)))
    return tuple(sections)


def _compare(required: tuple[str, ...], outlined: tuple[str, ...], findings: Findings) -> None:
    if required == outlined:
        return
    where = "metadata.required-sections"
    wanted, there = set(required), set(outlined)
    if missing := [title for title in required if title not in there]:
        findings.add(where, f"expected a required ### heading under ## Deliverable for each, found none for {missing}")
    elif more := [title for title in outlined if title not in wanted]:
        findings.add(where, f"expected all required ### headings under ## Deliverable, found no {more}")
    else:
        findings.add(where, f"expected the order of the ### headings under ## Deliverable: {' | '.join(outlined)}")


def _references(folder: Path, body: str, findings: Findings) -> tuple[Reference, ...]:
    """The files in references/, those SKILL.md links first and in its order. They are not opened."""
    root = folder / "references"
    if not root.is_dir():
        return ()
    titles = links_in(body)
    order = {name: number for number, name in enumerate(titles)}
    found: list[tuple[int, str, Path]] = []
    if _leads_out(root, folder):
        findings.add("references", _OUT)
        return ()  # and not a look at all that is there, which may be the whole disk
    for path in root.rglob("*"):
        if path.name.startswith(".") or not path.is_file():
            continue
        name = path.relative_to(folder).as_posix()
        if _leads_out(path, folder):
            findings.add(name, _OUT)
        found.append((order.get(name, len(order)), name, path))
    return tuple(Reference(titles.get(name) or path.stem, path) for _, name, path in sorted(found))


def _leads_out(path: Path, folder: Path) -> bool:
    """Whether *path* is a link out of the skill: what is in it is sent to the model service, and no other file."""
    return path.is_symlink() and not path.resolve().is_relative_to(folder.resolve())
