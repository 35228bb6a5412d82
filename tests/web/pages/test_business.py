"""What the team knows about the business, read and changed on its page."""

import os
from datetime import timedelta

from director.files.context import context_file
from director.goals.submit import submit
from director.office import Office
from director.progress.questions import PERSON
from tests.web.api.asked import who
from tests.web.pages.conftest import Browser, Html


def context(office: Office) -> str:
    return context_file(office.settings).read_text(encoding="utf-8")


def test_what_is_missing_is_said_first_by_first(office: Office, browser: Browser) -> None:
    """Without a context every section says what belongs in it, and a section that is said begins one."""
    page = browser.read("/business")
    assert "Nothing is known yet" in page.text
    assert "Who it is for, so exactly" in page.text
    form = browser.read("/business/2").hidden()

    answer = browser.send("/business/2", **form, words="Commuters who cycle\r\nto work.\r\n\r\n# Not a section\r\n")

    assert (answer.status_code, answer.headers["location"]) == (303, "/business#section-2")
    assert "## Target audience\n\nCommuters who cycle\nto work.\n\n### Not a section\n" in context(office)
    page = browser.read("/business")
    assert "Commuters who cycle" in page.text
    assert "little is known" in page.text
    assert "Of 11 of 12 sections nothing is known yet." in page.text
    assert who(office, "context changed") == [(PERSON, "Target audience")]
    assert "Context changed: Target audience (you)" in page.text


def test_only_the_section_changes_and_the_one_before_is_kept(office: Office, browser: Browser) -> None:
    """Also where a person wrote the file, in their own order, with words that are of no section."""
    file = context_file(office.settings)
    file.parent.mkdir(parents=True)
    before = "# Ours\n\nA word first.\n\n## 2. Proof points\n\nNone.\n\n## Odd\n\nA rest.\n\n## Brand voice\n\nKind.\n"
    file.write_text(before)
    goal = submit(office, "Win back lapsed customers")
    [number] = [link.rpartition("/")[2] for link in browser.read("/business").links() if link.endswith("/10")]

    browser.send(f"/business/{number}", **browser.read(f"/business/{number}").hidden(), words="Kind, and short.")

    assert context(office) == before.replace("Kind.", "Kind, and short.")
    assert file.with_name("product-marketing-context.before.md").read_text() == before
    with office.store.read() as tx:
        assert tx.text(tx.goals.get(goal.id).context_hash or "") == before
    whole = browser.read("/business/all")
    assert "A rest." in whole.text
    browser.send("/business/all", **whole.hidden(), words="# Ours\n\n## Personas\n\nNobody.")
    assert context(office) == "# Ours\n\n## Personas\n\nNobody.\n"


def test_a_context_that_changed_meanwhile_is_not_overwritten(office: Office, browser: Browser) -> None:
    """Whoever changed it, here or in the file; both are shown, and who saw both may keep theirs."""
    form = browser.read("/business/10").hidden()
    browser.send("/business/10", **form, words="Kind.")
    seen = browser.read("/business/10").hidden()
    file = context_file(office.settings)
    file.write_text(file.read_text().replace("Kind.", "Stern."))

    late = browser.send("/business/10", **seen, words="Funny.")

    page = Html(late.text)
    assert late.status_code == 409
    for said in ("changed since you saw it", "Stern.", "Funny."):
        assert said in page.text
    assert "Stern." in context(office)
    assert browser.send("/business/10", **page.hidden(), words="Funny.").status_code == 303
    assert "Funny." in context(office)


def test_what_can_be_no_context_is_refused(office: Office, browser: Browser) -> None:
    """Nothing, too much; a secret is taken out, and said to be."""
    form = browser.read("/business/all").hidden()

    empty = browser.send("/business/all", **form, words=" \n ")
    assert (empty.status_code, "Nothing can be read in it" in empty.text) == (422, True)
    assert not context_file(office.settings).exists()
    large = browser.send("/business/all", **form, words="x" * 600_000)
    assert large.status_code == 422
    secret = browser.send("/business/10", **form, words=f"Kind. sk-ant-api03-{'a1B2' * 24}")
    assert "looks like" in Html(secret.text).text
    assert "a1B2a1B2" not in context(office)
    for path in ("/business/0", "/business/13", "/business/x"):
        assert browser.get(path).status_code == 404
        assert browser.send(path, **form, words="Kind.").status_code == 404


def test_an_old_context_and_one_that_cannot_be_read_say_so(office: Office, browser: Browser) -> None:
    """How old it is stands there; a file that is no text has no form."""
    browser.send("/business/10", **browser.read("/business/10").hidden(), words="Kind.")
    file = context_file(office.settings)
    long_ago = (office.clock() - timedelta(days=100)).timestamp()
    os.utime(file, (long_ago, long_ago))
    assert "100 days ago" in browser.read("/business").text
    assert "It is 100 days old." in browser.read("/business").text

    file.write_bytes(b"\xff\xfe\x00")

    assert "is not UTF-8 text" in browser.read("/business").text
    assert len(browser.read("/business/10").all("textarea")) == 0
    assert browser.send("/business/10", words="Kind.", version="").status_code == 422
