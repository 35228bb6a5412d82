"""
What can be typed: every command with its arguments, its options and what it is for, in the order `--help` lists them. What it
does is imported when it is called.
"""

from director.cli.commands import goals, answers, installation, events, money, memory, access  # isort: skip - the order of `--help`
from director.cli.commands.typed import app, command

__all__ = ["access", "answers", "app", "command", "events", "goals", "installation", "memory", "money"]
