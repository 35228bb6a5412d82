"""What an installation knows: its specialists, its ready-made plans, and what is wrong with their files."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pipelines.loader import Library
    from skills.skill import Fault, Skill


def skills_document(skills: "Iterable[Skill]", left_out: Mapping[str, str]) -> dict[str, Any]:
    """The specialists, and the folders that are not used, each with the reason."""
    return {
        "left_out": left_out_document(left_out),
        "skills": [
            {
                "name": skill.name,
                "squad": skill.squad,
                "consumers": list(skill.consumers),
                "description": skill.description,
            }
            for skill in skills
        ],
    }


def left_out_document(left_out: Mapping[str, str]) -> list[dict[str, str]]:
    """The skills or pipelines that are not used, each with the reason."""
    return [{"name": name, "reason": why} for name, why in left_out.items()]


def faults_document(faults: "Iterable[Fault]") -> dict[str, Any]:
    """What is wrong with the specialists' folders."""
    return {"faults": [{"file": str(fault.file), "field": fault.field, "message": fault.message} for fault in faults]}


def pipelines_document(library: "Library") -> dict[str, Any]:
    """The ready-made plans, and those that cannot be used, each with the reason."""
    return {
        "left_out": left_out_document(library.left_out),
        "pipelines": [
            {
                "name": template.name,
                "priority": template.priority,
                "category": template.category,
                "for": template.business,
                "steps": [task.key for task in template.tasks],
            }
            for template in library.templates.values()
        ],
    }
