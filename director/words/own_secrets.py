"""All secrets of ours that nobody is shown, should others repeat them: taken out of lines, files and answers by `redaction`."""

import os
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

from director.words import sender_secrets
from director.words.addresses import secrets_beside, secrets_in
from director.words.redaction import distinctive
from director.words.settings import Settings

#: Variables, in small letters, that name proxies.
PROXIES: Final = ("http_proxy", "https_proxy", "all_proxy")


def own_secrets(settings: Settings, environ: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """
    What the settings have, what senders of events sign with, and of the variables that the model service's client reads by
    itself the values of headers, and who logs in at proxies; what PostgreSQL's client reads besides.
    """
    values = [line.partition(":")[2] for line in environ.get("ANTHROPIC_CUSTOM_HEADERS", "").split("\n")]
    # A header may say an ordinary word as well.
    found = {*distinctive(form for value in values for form in (value.strip(), *value.split()))}
    if settings.database_url is not None and settings.database_url.startswith("postgresql"):
        found |= secrets_beside(environ)
    for name, value in environ.items():
        if name.lower() in PROXIES:
            with suppress(ValueError):  # `claude/environment` complains of an address that is none
                found |= secrets_in(value if "://" in value else f"http://{value}")
    return (*settings.secrets, *sorted(found | sender_secrets.secrets(settings.workspace_dir)))
