"""
What a skill's folder is held to beyond what loading it needs.

A skill that breaks one of these still works; it is worse for whoever reads it, judges it or takes it to
another tool.
"""

from collections.abc import Collection, Iterator

from skills.documents import Unreadable, shown, text_of, yaml_in
from skills.rubric import lines_in
from skills.skill import Fault, Findings
from skills.skill_folder import Reading, links_in
from skills.squads import GUEST

#: What the public format recommends for the body of SKILL.md.
MOST_LINES = 500

#: What a request in evals.yaml tries out.
EVAL_KINDS = ("vague", "plain", "trap", "misplaced")

_EVAL_KEYS = {"id", "kind", "request", "assertions"}


def faults_of(reading: Reading, names: Collection[str]) -> tuple[Fault, ...]:
    """What is wrong with a folder that loading did not complain about; *names* are all skills there are."""
    findings = Findings(reading.file)
    if reading.front:
        _check_metadata(reading, findings)
        _check_length(reading, findings)
        _check_consumers(reading, names, findings)
        _check_references(reading, findings)
    return (*findings.faults, *_evals(reading))


def _check_metadata(reading: Reading, findings: Findings) -> None:
    metadata = reading.front.get("metadata")
    said = {fault.field for fault in reading.faults}
    if isinstance(metadata, dict):
        for key, value in metadata.items():
            if not isinstance(value, str) and f"metadata.{key}" not in said:
                findings.add(f"metadata.{key}", f"expected text, found {shown(value)}; put it in quotes")


def _check_length(reading: Reading, findings: Findings) -> None:
    lines = len(reading.body.split("\n"))
    if lines > MOST_LINES:
        findings.add("body", f"expected at most {MOST_LINES} lines, found {lines}; move parts to references/")
    if not reading.body.strip():
        findings.add("body", "expected instructions below the front matter, found nothing")


def _check_consumers(reading: Reading, names: Collection[str], findings: Findings) -> None:
    if reading.skill is None or reading.skill.squad == GUEST:
        return  # a guest's `consumers` may mean something else where it comes from
    for consumer in reading.skill.consumers:
        if consumer != "all" and consumer not in names:
            findings.add("metadata.consumers", f"expected names of skills, found {shown(consumer)}, which is none")


def _check_references(reading: Reading, findings: Findings) -> None:
    root = reading.folder / "references"
    links = links_in(reading.body)
    for link in links:
        target = reading.folder / link
        if not target.is_file() or not target.resolve().is_relative_to(root.resolve()):
            findings.add("body", f"expected a file where its link leads, found none at {link}")
    guest = reading.skill is not None and reading.skill.squad == GUEST
    for reference in reading.skill.references if reading.skill else ():
        name = reference.path.relative_to(reading.folder).as_posix()
        # The public format asks for no link; a guest names its files the way it likes.
        if name not in links and not guest:
            findings.add(name, "expected a link to it in SKILL.md, found none")
        try:
            empty = not text_of(reference.path).strip()
        except Unreadable as error:
            findings.faults.append(Fault(reference.path, "file", str(error)))
        else:
            if empty:
                findings.faults.append(Fault(reference.path, "file", "expected text, found nothing"))


def _evals(reading: Reading) -> Iterator[Fault]:
    file = reading.folder / "evals.yaml"
    if not file.exists():
        return
    findings = Findings(file)
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        yield Fault(file, "file", str(error))
        return
    evals = document.get("evals") if isinstance(document, dict) else None
    if not isinstance(evals, list) or not evals:
        yield Fault(file, "evals", f"expected a list of requests, found {shown(evals)}")
        return
    seen: set[str] = set()
    for number, entry in enumerate(evals, 1):
        _check_eval(entry, f"evals[{number}]", seen, findings)
    yield from findings.faults


def _check_eval(entry: object, where: str, seen: set[str], findings: Findings) -> None:
    if not isinstance(entry, dict) or set(entry) != _EVAL_KEYS:
        findings.add(where, f"expected exactly {', '.join(sorted(_EVAL_KEYS))}, found {shown(entry)}")
        return
    name = entry["id"]
    if not isinstance(name, str) or not name.strip():
        findings.add(f"{where}.id", f"expected text, found {shown(name)}")
    elif name in seen:
        findings.add(f"{where}.id", f"expected an id of its own, found {name} again")
    seen.add(str(name))
    if entry["kind"] not in EVAL_KINDS:
        findings.add(f"{where}.kind", f"expected one of {', '.join(EVAL_KINDS)}, found {shown(entry['kind'])}")
    if not isinstance(entry["request"], str) or not entry["request"].strip():
        findings.add(f"{where}.request", f"expected text, found {shown(entry['request'])}")
    if not lines_in(entry["assertions"], findings, f"{where}.assertions") and entry["assertions"] == []:
        findings.add(f"{where}.assertions", "expected at least one, found none")
