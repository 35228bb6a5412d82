"""What an installation knows: its specialists, its ready-made plans, and what is wrong with their files."""

from collections.abc import Iterable
from typing import Any

from pipelines.template import Template
from skills.skill import Fault, Skill


def skills_document(skills: Iterable[Skill]) -> dict[str, Any]:
    """The specialists."""
    return {
        "skills": [
            {
                "name": skill.name,
                "squad": skill.squad,
                "consumers": list(skill.consumers),
                "description": skill.description,
            }
            for skill in skills
        ]
    }


def faults_document(faults: Iterable[Fault]) -> dict[str, Any]:
    """What is wrong with the specialists' folders."""
    return {"faults": [{"file": str(fault.file), "field": fault.field, "message": fault.message} for fault in faults]}


def pipelines_document(templates: Iterable[Template]) -> dict[str, Any]:
    """The ready-made plans."""
    return {
        "pipelines": [
            {
                "name": template.name,
                "priority": template.priority,
                "category": template.category,
                "steps": [task.key for task in template.tasks],
            }
            for template in templates
        ]
    }
