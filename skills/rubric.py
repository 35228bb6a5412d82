"""A deliverable's rubric: the mark it has to reach (PASS_MARK), the squad's weights and minimums, the skill's rubric.yaml."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from skills.documents import Unreadable, shown, text_of, yaml_in
from skills.skill import DIMENSIONS, Fault, Findings, Rubric, Squad

#: An overall score of 10 that a deliverable is good enough from; said in what reviewers are shown, too.
PASS_MARK: Final = 7.0

_RUBRIC_KEYS = ("weights", "minimums", "criteria", "faults")


def read_rubric(file: Path, squad: Squad, skill_findings: Findings) -> Rubric:
    """The rubric of a skill: its squad's, with what *file* says in place of it, if there is such a file."""
    own = Rubric(squad.weights, squad.minimums, criteria=(), faults=())
    if not file.exists():
        return own
    findings = Findings(file)
    try:
        document = yaml_in(text_of(file))
    except Unreadable as error:
        skill_findings.faults.append(Fault(file, "file", str(error)))
        return own
    if not isinstance(document, dict) or not document:
        skill_findings.faults.append(
            Fault(file, "file", f"expected some of {', '.join(_RUBRIC_KEYS)}, found {shown(document)}")
        )
        return own
    for key in document:
        if key not in _RUBRIC_KEYS:
            findings.add(shown(key), f"expected only {', '.join(_RUBRIC_KEYS)}; remove it or correct its name")
    rubric = Rubric(
        weights=weights_in(document["weights"], findings) if "weights" in document else squad.weights,
        minimums=minimums_in(document["minimums"], findings) if "minimums" in document else squad.minimums,
        criteria=lines_in(document.get("criteria", []), findings, "criteria"),
        faults=lines_in(document.get("faults", []), findings, "faults"),
    )
    skill_findings.faults += findings.faults
    return rubric


def weights_in(value: object, findings: Findings, where: str = "weights") -> Mapping[str, float]:
    """The weights of all seven dimensions; what is wrong with them goes to *findings*."""
    weights = _numbers_in(value, findings, where, most=1)
    missing = [name for name in DIMENSIONS if name not in weights]
    if missing and isinstance(value, dict) and not set(missing) & set(value):
        findings.add(where, f"expected all seven dimensions, found no {', '.join(missing)}")
    elif not missing and abs(sum(weights.values()) - 1) > 1e-6:
        findings.add(where, f"expected a sum of 1, found {sum(weights.values()):.6g}")
    return weights


def minimums_in(value: object, findings: Findings, where: str = "minimums") -> Mapping[str, float]:
    """The lowest score of some dimensions; what is wrong with them goes to *findings*."""
    return _numbers_in(value, findings, where, most=10)


def lines_in(value: object, findings: Findings, where: str) -> tuple[str, ...]:
    """A list of non-empty texts; what is wrong with it goes to *findings*."""
    if not isinstance(value, list):
        findings.add(where, f"expected a list of texts, found {shown(value)}")
        return ()
    for number, line in enumerate(value, 1):
        if not isinstance(line, str) or not line.strip():
            findings.add(f"{where}[{number}]", f"expected text, found {shown(line)}; put quotes around a `: ` in it")
    return tuple(" ".join(line.split()) for line in value if isinstance(line, str))


def _numbers_in(value: object, findings: Findings, where: str, *, most: int) -> Mapping[str, float]:
    if not isinstance(value, dict):
        findings.add(where, f"expected a number for each dimension, found {shown(value)}")
        return MappingProxyType({})
    numbers: dict[str, float] = {}
    for name, number in value.items():
        if name not in DIMENSIONS:
            findings.add(where, f"expected dimensions ({', '.join(DIMENSIONS)}), found {shown(name)}")
        elif isinstance(number, bool) or not isinstance(number, int | float) or not 0 <= number <= most:
            findings.add(f"{where}.{name}", f"expected a number from 0 to {most}, found {shown(number)}")
        else:
            numbers[name] = float(number)
    return MappingProxyType(numbers)
