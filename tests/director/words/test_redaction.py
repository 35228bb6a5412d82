"""What is taken out of what others say, and what is left of it."""

import pytest

from director.words.redaction import OWN, blank, distinctive, find
from tests.director.tasks.test_checks import KEYS, ORDINARY

OURS = f"[removed: {OWN}]"

#: A private key as files have it, and as settings in one line do. Put together here, so that no scanner takes it for a leak.
BODY = "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQC7\n" * 3 + "VJTUt9Us8cKj\n"
PRIVATE_KEYS = {
    "whole": "-----BEGIN " + f"PRIVATE KEY-----\n{BODY}-----END " + "PRIVATE KEY-----",
    "with a header": "-----BEGIN " + f"RSA PRIVATE KEY-----\nDEK-Info: AES,0A\n\n{BODY}-----END " + "RSA PRIVATE KEY-----",
    "in one line": ("-----BEGIN " + f"EC PRIVATE KEY-----\n{BODY}-----END " + "EC PRIVATE KEY-----").replace("\n", "\\n"),
}  # fmt: skip


@pytest.mark.parametrize("kind", KEYS)
def test_a_secret_is_taken_out_and_the_rest_stays(kind: str) -> None:
    """
    Its kind is said in its place, so that whoever reads knows what was there; and it is found afterwards as it was before.
    """
    for before, behind in (("Use ", " for the export."), ("`", "`, twice: `"), ("(see ", ")")):
        text = f"{before}{KEYS[kind]}{behind}"
        clean = blank(text)

        assert KEYS[kind] not in clean
        assert "[removed: " in clean
        assert clean.startswith(before)
        assert find(text)
        assert find(clean) == find(text)
        assert blank(clean) == clean


@pytest.mark.parametrize("kind", [kind for kind in KEYS if "BEGIN" not in KEYS[kind]])
@pytest.mark.parametrize("marks", ["-", "_", "-_."])
def test_a_secret_is_found_behind_the_backslashes_of_markdown(kind: str, marks: str) -> None:
    """
    Models write them; whoever reads the page, and copies from it, sees the key.
    """
    written = "".join(f"\\{letter}" if letter in marks else letter for letter in KEYS[kind])

    assert find(f"Use {written}.") == find(f"Use {KEYS[kind]}.")
    assert blank(f"Use {written}, {KEYS[kind]}.") == blank(f"Use {KEYS[kind]}, {KEYS[kind]}.")


def test_so_is_our_own_and_other_backslashes_stay() -> None:
    """
    A text without a secret is kept as it was written.
    """
    assert f"Use {OURS}." == blank(r"Use gnome\_key\-0815.", ["gnome_key-0815"])
    assert r"snake\_case \- or C:\_x" == blank(r"snake\_case \- or C:\_x", ["gnome_key-0815"])


@pytest.mark.parametrize("line", ORDINARY)
def test_what_is_no_secret_stays_as_it_is(line: str) -> None:
    """
    Ordinary sentences, also those that look a little like one.
    """
    assert blank(line) == line
    assert find(line) == ()


@pytest.mark.parametrize("kind", PRIVATE_KEYS)
def test_of_a_private_key_nothing_is_left(kind: str) -> None:
    """
    Its first line is what it is known by; what is secret stands below it.
    """
    text = f"Before.\n{PRIVATE_KEYS[kind]}\nBehind."

    assert blank(text) == "Before.\n[removed: a private key]\nBehind."
    assert "MIIEvg" not in blank(text.partition("VJTU")[0]), "one whose end is missing"


def test_the_rest_of_a_long_key_goes_with_it() -> None:
    """
    However much of it a shape finds, no part of the word is left.
    """
    key = KEYS["a HubSpot token"] + "Xy-Z0_12345"

    assert blank(f"It is {key}.") == "It is [removed: a HubSpot token]."


def test_our_own_secrets_need_no_shape() -> None:
    """
    They are known. The longest goes first, so that one within another leaves nothing of it; what is too short to be one stays.
    """
    assert blank("hunter2 and hunter2-again, a b", ["hunter2", "hunter2-again", "a", ""]) == f"{OURS} and {OURS}, a b"
    assert blank("What is (a+)+?", ["(a+)+"]) == f"What is {OURS}?"


def test_a_password_that_is_a_word_stays_in_prose() -> None:
    """
    Else nobody whose database's password is "marketing" could be written for.
    """
    assert distinctive(["marketing", "hunter2", "s3cret-garden", "correct-horse-battery"]) == (
        "s3cret-garden",
        "correct-horse-battery",
    )
