"""A notice for a mailbox, over SMTP."""

import ipaddress
import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from email import policy
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import unquote, urlsplit

from director.notices.wording import message
from director.words.errors import ChannelAway
from director.words.models import Notice
from director.words.receivers import mailbox

#: How long the server may be silent.
SILENCE: Final = timedelta(seconds=8)

#: Where servers listen, unless an address says otherwise: for mail that is handed in, and the same over TLS.
_PORTS: Final = {"smtp": 587, "smtps": 465}

#: A header's first line may be a long one: Python would leave it empty, which some servers take for an empty header.
_AS_SENT: Final = policy.SMTP.clone(max_line_length=500)

#: Characters of a server's complaint that are repeated.
_SHOWN: Final = 120


def send(server: str, to: str, notice: Notice) -> None:
    """
    Hand *notice* in at *server* for the mailbox *to*. Its Message-ID is the same at every try, by which many mailboxes show a
    second copy once.

    Raises:
        ChannelAway: it was not taken.
    """
    try:
        _hand_in(server, letter(server, to, notice))
    except smtplib.SMTPResponseException as problem:
        said = (
            problem.smtp_error.decode(errors="replace") if isinstance(problem.smtp_error, bytes) else problem.smtp_error
        )
        raise ChannelAway(f"The mail server said {problem.smtp_code} ({_cut(said)}).") from problem
    except smtplib.SMTPRecipientsRefused as problem:
        code, why = next(iter(problem.recipients.values()))
        raise ChannelAway(f"The mail server does not take mail for that mailbox: {code} ({_cut(why)}).") from problem
    except (OSError, smtplib.SMTPException, ValueError) as problem:
        said = str(getattr(problem, "strerror", None) or problem) or type(problem).__name__
        raise ChannelAway(f"The mail server cannot be used: {_cut(said).rstrip('.')}.") from problem


def letter(server: str, to: str, notice: Notice) -> EmailMessage:
    """The mail. It is from who logs in, where that is an address, else from the mailbox itself."""
    said = message(notice)
    mail = EmailMessage(_AS_SENT)
    mail["Subject"] = f"Troupe: {said.title}"
    mail["From"] = _sender(server) or to
    mail["To"] = to
    mail["Date"] = format_datetime(notice.created_at)
    mail["Message-ID"] = f"<{notice.reference}@troupe.invalid>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(f"{said.text}\n")
    return mail


def _hand_in(server: str, mail: EmailMessage) -> None:
    parts = urlsplit(server)
    host, port, limit = parts.hostname or "", parts.port or _PORTS[parts.scheme], SILENCE.total_seconds()
    trusted, encrypted = ssl.create_default_context(), parts.scheme == "smtps"
    smtp = (
        smtplib.SMTP_SSL(host, port, timeout=limit, context=trusted)
        if encrypted
        else smtplib.SMTP(host, port, timeout=limit)
    )
    try:
        smtp.ehlo()
        if not encrypted and smtp.has_extn("starttls"):
            smtp.starttls(context=trusted)
            smtp.ehlo()
            encrypted = True
        if parts.username:
            if not encrypted and not _is_here(host):
                raise ChannelAway(
                    "The mail server offers no encryption, and the password would be read on the way: use smtps://, or a "
                    "server that has STARTTLS."
                )
            smtp.login(unquote(parts.username), unquote(parts.password or ""))
        smtp.send_message(mail)
        with suppress(OSError, smtplib.SMTPException):  # the server has it, however the two part
            smtp.quit()
    finally:
        smtp.close()


def _sender(server: str) -> str | None:
    name = unquote(urlsplit(server).username or "")
    try:
        return mailbox(name)
    except ValueError:
        return None


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _cut(said: str | bytes) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return " ".join(text.split())[:_SHOWN]
