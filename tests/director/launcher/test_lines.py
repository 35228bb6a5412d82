"""What processes say comes out line by line, each behind its speaker's name."""

import io
import json
import os
import threading

import pytest

from director.launcher.lines import KEPT, Lines

SECRET = "sk-our-very-own-4711"  # noqa: S105 - nobody's


class Screen(io.StringIO):
    """A terminal."""

    def isatty(self) -> bool:
        """It is one."""
        return True


def through_a_pipe(lines: Lines, name: str, words: bytes) -> list[str]:
    """Say what a process wrote, to its end; the last of it."""
    come, go = os.pipe()
    tail = lines.repeat(name, os.fdopen(come, "rb"))
    os.write(go, words)
    os.close(go)
    return tail.settled(60)


def test_each_line_stands_behind_its_speakers_name() -> None:
    """All names as wide as the longest; also the last line, that has no end."""
    out = io.StringIO()
    lines = Lines(out, ("web", "workers"), ())
    through_a_pipe(lines, "web", b"one\ntwo\r\n\nthree")
    lines.say("workers", "four")

    assert out.getvalue() == "web     | one\nweb     | two\nweb     |\nweb     | three\nworkers | four\n"


def test_names_have_colours_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """And none where NO_COLOR says so."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    coloured, file, plain = Screen(), io.StringIO(), Screen()
    for out in (coloured, file):
        Lines(out, ("web",), ()).say("web", "hello")
    monkeypatch.setenv("NO_COLOR", "1")
    Lines(plain, ("web",), ()).say("web", "hello")

    assert coloured.getvalue() == "\x1b[36mweb |\x1b[0m hello\n"
    assert file.getvalue() == plain.getvalue() == "web | hello\n"


def test_our_secrets_and_what_terminals_obey_are_not_repeated() -> None:
    """Neither in a line nor in what is kept of it."""
    out = io.StringIO()
    kept = through_a_pipe(
        Lines(out, ("web",), (SECRET,)), "web", f"the key {SECRET} \x1b[2J is wrong\n".encode() + b"\xff\n"
    )

    assert SECRET not in out.getvalue()
    assert SECRET not in "".join(kept)
    assert "\x1b" not in out.getvalue()
    assert "[removed: a secret of this installation]" in out.getvalue()


def test_as_json_each_line_is_one_document_whoever_speaks() -> None:
    """
    What a process logs as we do keeps its fields; words, broken documents and documents of others become an event. Secrets
    and what terminals obey are taken out of either.
    """
    out = io.StringIO()
    lines = Lines(out, ("up", "web"), (SECRET,), as_json=True)
    said = b'{"event": "one", "level": "error", "goal": "g1", "turn": 7}\nTraceback\n{"event": "cut o\n[1]\n{"a": 1}\n'
    through_a_pipe(lines, "web", said + json.dumps({"event": f"key {SECRET} \x1b[2J"}).encode() + b"\n")
    lines.say("up", f"the key {SECRET}")
    documents = [json.loads(line) for line in out.getvalue().splitlines()]

    assert documents[0] == {"process": "web", "event": "one", "level": "error", "goal": "g1", "turn": 7}
    assert [one["event"] for one in documents[1:5]] == ["Traceback", '{"event": "cut o', "[1]", '{"a": 1}']
    assert all({"process", "event", "level", "timestamp"} <= one.keys() for one in [*documents[1:5], documents[6]])
    assert documents[6]["event"] == "the key [removed: a secret of this installation]"
    assert SECRET not in out.getvalue()
    assert "\x1b" not in documents[5]["event"]


def test_lines_of_several_are_never_mixed() -> None:
    """However many speak at once, a line is one speaker's."""
    out = io.StringIO()
    lines = Lines(out, ("a", "b", "c"), ())
    speakers = [
        threading.Thread(target=through_a_pipe, args=(lines, name, f"{name * 200}\n".encode() * 100)) for name in "abc"
    ]
    for speaker in speakers:
        speaker.start()
    for speaker in speakers:
        speaker.join()

    assert sorted(out.getvalue().splitlines()) == sorted(f"{name} | {name * 200}" for name in "abc" for _ in range(100))


def test_the_last_lines_are_kept() -> None:
    """As many as a person wants to read of one that failed."""
    said = b"".join(b"%d\n" % n for n in range(100))

    assert through_a_pipe(Lines(io.StringIO(), ("web",), ()), "web", said) == [str(n) for n in range(100 - KEPT, 100)]


def test_nobody_is_held_up_when_nobody_reads() -> None:
    """A terminal that was closed, a pipe whose reader left: whoever speaks goes on."""
    come, go = os.pipe()
    os.close(come)
    with os.fdopen(go, "w", buffering=1) as out:
        kept = through_a_pipe(Lines(out, ("web",), ()), "web", b"one\ntwo\n")
        assert kept == ["one", "two"]
        os.dup2(os.open(os.devnull, os.O_WRONLY), go)  # what is left in its buffer goes nowhere
