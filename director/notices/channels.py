"""The channels that are set, and sending a notice on one of them."""

from datetime import datetime, timedelta
from typing import Final

from director.concurrency.within import within
from director.notices import mail, slack, webhook
from director.notices.links import with_links
from director.words.alert import Channel
from director.words.errors import ChannelAway
from director.words.models import Notice
from director.words.settings import Settings

#: How long one try may take, whatever hangs.
LIMIT: Final = timedelta(seconds=15)

#: The setting that switches each on.
SWITCH: Final = {
    Channel.SLACK: "NOTIFY_SLACK_URL",
    Channel.WEBHOOK: "NOTIFY_WEBHOOK_URL",
    Channel.EMAIL: "NOTIFY_EMAIL",
}


def channels(settings: Settings) -> tuple[Channel, ...]:
    """Those that are set here."""
    there = {
        Channel.SLACK: settings.notify_slack_url,
        Channel.WEBHOOK: settings.notify_webhook_url,
        Channel.EMAIL: settings.notify_email,
    }
    return tuple(channel for channel in Channel if there[channel])


def send(settings: Settings, channel: Channel, notice: Notice, now: datetime) -> None:
    """
    Send *notice* once.

    Raises:
        ChannelAway: it was not taken, or not in time; or this process has no such channel.
    """
    if channel not in channels(settings):
        raise ChannelAway(f"{SWITCH[channel]} is not set for this process: give all workers the same settings.")
    try:
        within(LIMIT, lambda: _send(settings, channel, with_links(settings, channel, notice), now))
    except TimeoutError as problem:
        raise ChannelAway(f"It was not taken within {LIMIT.total_seconds():.0f} s.") from problem


def _send(settings: Settings, channel: Channel, notice: Notice, now: datetime) -> None:
    match channel:
        case Channel.SLACK:
            slack.send(settings.notify_slack_url or "", notice)
        case Channel.WEBHOOK:
            webhook.send(settings.notify_webhook_url or "", settings.notify_webhook_secret or "", notice, now)
        case Channel.EMAIL:
            mail.send(settings.smtp_url or "", settings.notify_email or "", notice)
