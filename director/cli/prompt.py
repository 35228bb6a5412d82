"""`show --prompt`: what a task's writer was, or would be, asked: a table of its parts, then their texts."""

import typer

from director.cli.branded import opened_for
from director.cli.documents import print_document, print_text
from director.cli.terminal import console, plain_table
from director.prompting.request import estimated_tokens, name_of
from director.tasks.prompt import Delivery, Prompt, look
from director.views.prompt import prompt_document
from director.words.command import program
from director.words.errors import WrongCall
from director.words.states import is_final


def show_prompt(ident: str, *, json: bool) -> None:
    """What a task's writer was, or would be, asked; exit code 1 when what was sent cannot be built any more."""
    if "-" not in ident:
        hint = f"`{program()} status GOAL` lists a goal's tasks"
        raise WrongCall(f"Only a task has a prompt, such as g1-1; {ident!r} is none; {hint}.")
    with opened_for(ident) as office:
        found = look(office, ident)
    if json:
        print_document(prompt_document(found))
    else:
        _print(found)
    if found.delivery is Delivery.CHANGED:
        raise typer.Exit(1)


def _print(prompt: Prompt) -> None:
    """How it stands, the parts with their sizes and the cache breakpoints, and every part's text as it is sent."""
    request = prompt.request
    blocks = (*request.system, request.user)
    out = console()
    out.print(f"{prompt.task.id}  {prompt.task.skill}, revision {prompt.task.revision}")
    out.print(_delivery(prompt))
    out.print(f"{request.model}, effort {request.effort}, at most {request.max_tokens} tokens of answer\n")
    table = plain_table("part", "characters", "tokens, estimated", right=("characters", "tokens, estimated"))
    so_far = 0
    for block in blocks:
        for part in block.parts:
            table.add_row(name_of(part), f"{len(part):,}", f"{estimated_tokens(part):,}")
        so_far += estimated_tokens(block.text)
        if block.stable:
            table.add_row("-- cache breakpoint: all above is cached together", "", f"{so_far:,}")
    table.add_row("all", f"{sum(len(block.text) for block in blocks):,}", f"{so_far:,}")
    out.print(table)
    # Not through the console, which would fold lines: this is what is sent.
    for block in blocks:
        for part in block.parts:
            print_text(f"\n===== {name_of(part)} =====\n\n{part}")
        if block.stable:
            print("\n===== cache breakpoint =====")  # noqa: T201


def _delivery(prompt: Prompt) -> str:
    call, task = prompt.call, prompt.task
    when = ""
    if call is not None:
        who = "to the rehearsal" if call.rehearsal else "to the model service"
        when = f"{who} at {call.created_at:%Y-%m-%d %H:%M:%S} UTC (call {call.id}, {call.state})"
    match prompt.delivery:
        case Delivery.SENT:
            return f"Sent exactly like this {when}."
        case Delivery.CHANGED:
            return (
                f"What was sent {when} cannot be built any more: the skill's folder, or something else it was made from, has "
                "changed since. With what is known now it would be this:"
            )
        case Delivery.NOT_SENT if is_final(task.state):
            return f"Never sent: the task is {task.state}. With what is known it would have been this:"
        case Delivery.NOT_SENT:
            needs = ", ".join(f"{need.id} ({need.skill})" for need in prompt.missing)
            lacks = f" The deliverables of {needs} are still missing." if needs else ""
            return f"Not sent yet. With what is known now it would be this.{lacks}"
