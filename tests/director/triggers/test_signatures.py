"""
Each scheme, by an example its vendor published where there is one; and what is refused.

Stripe and Shopify publish no example with its secret: theirs are computed here from the recipe in their documents, by hand.
"""

import base64
import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from director.triggers.signatures import NotVerified, Request, Scheme, key_of, verify

SLACK = (
    b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    b"&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
    b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
    b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
)


@dataclass(frozen=True)
class Example:
    """A request that is right."""

    scheme: Scheme
    secret: str
    headers: dict[str, str]
    body: bytes
    at: int  #: seconds since 1970
    signature: str  #: the header with it
    time: str = ""  #: the header with the time it was signed
    url: str = ""
    delivery: str | None = None

    def verify(self, *secrets: str, now: datetime | None = None) -> str | None:
        """As the web does."""
        return verify(
            self.scheme,
            Request({name.lower(): value for name, value in self.headers.items()}, self.body),
            [key_of(self.scheme, secret) for secret in secrets or (self.secret,)],
            now=now or datetime.fromtimestamp(self.at, UTC),
            url=self.url,
        )


def signed(secret: str, *parts: str) -> bytes:
    """HMAC-SHA256 as the documents of Stripe and Shopify have it."""
    return hmac.new(secret.encode(), "".join(parts).encode(), hashlib.sha256).digest()


AT = 1_700_000_000

#: What each is taken from stands beside it.
EXAMPLES = {
    # RFC 6750, section 2.1.
    "bearer": Example(
        Scheme.BEARER, "mF_9.B5f-4.1JqM", {"Authorization": "Bearer mF_9.B5f-4.1JqM"}, b"{}", AT, "Authorization"
    ),
    # The example of the specification and of Svix (docs.svix.com/receiving/verifying-payloads/how-manual).
    "standard": Example(
        Scheme.STANDARD,
        "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        {
            "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
            "webhook-timestamp": "1614265330",
            "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        },
        b'{"test": 2432232314}',
        1614265330,
        "webhook-signature",
        "webhook-timestamp",
        delivery="msg_p5jXN8AQM9LWM0D4loKWxJek",
    ),
    # docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries, "Testing the webhook payload validation".
    "github": Example(
        Scheme.GITHUB,
        "It's a Secret to Everybody",
        {
            "X-Hub-Signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
            "X-GitHub-Delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
        },
        b"Hello, World!",
        AT,
        "X-Hub-Signature-256",
        delivery="72d3162e-cc78-11e3-81ab-4c9367dc0958",
    ),
    # By hand: docs.stripe.com/webhooks, "Verify webhook signatures manually": t.body, hexadecimal; v0 is no signature of ours.
    "stripe": Example(
        Scheme.STRIPE,
        "whsec_gnome",
        {"Stripe-Signature": f"t={AT},v1={signed('whsec_gnome', f'{AT}.', '{}').hex()},v0={'6f' * 32}"},
        b"{}",
        AT,
        "Stripe-Signature",
    ),
    # By hand: shopify.dev, "Validate the origin of your webhook": the body, Base64.
    "shopify": Example(
        Scheme.SHOPIFY,
        "gnome",
        {
            "X-Shopify-Hmac-Sha256": base64.b64encode(signed("gnome", "{}")).decode(),
            "X-Shopify-Webhook-Id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        },
        b"{}",
        AT,
        "X-Shopify-Hmac-Sha256",
        delivery="b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    ),
    # The fixed example in the tests of HubSpot's own client for Python (hubspot-api-python, get_signature v3).
    "hubspot": Example(
        Scheme.HUBSPOT,
        "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
        {
            "X-HubSpot-Signature-v3": "K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=",
            "X-HubSpot-Request-Timestamp": "1693657560000",
        },
        b"{'example_field':'example_value'}",
        1693657560,
        "X-HubSpot-Signature-v3",
        "X-HubSpot-Request-Timestamp",
        url="https://www.example.com/webhook_uri",
    ),
    # The same in its client for Ruby.
    "hubspot, another time": Example(
        Scheme.HUBSPOT,
        "yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy",
        {
            "X-HubSpot-Signature-v3": "RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=",
            "X-HubSpot-Request-Timestamp": "1700000300000",
        },
        b"{'example_field':'example_value'}",
        1700000300,
        "X-HubSpot-Signature-v3",
        "X-HubSpot-Request-Timestamp",
        url="https://www.example.com/webhook_uri",
    ),
    # docs.slack.dev/authentication/verifying-requests-from-slack, the worked example.
    "slack": Example(
        Scheme.SLACK,
        "8f742231b10e8888abcd99yyyzzz85a5",
        {
            "X-Slack-Request-Timestamp": "1531420618",
            "X-Slack-Signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
        },
        SLACK,
        1531420618,
        "X-Slack-Signature",
        "X-Slack-Request-Timestamp",
    ),
}

BY_NAME = pytest.mark.parametrize("example", EXAMPLES.values(), ids=EXAMPLES)
SIGNED = pytest.mark.parametrize("example", [one for name, one in EXAMPLES.items() if name != "bearer"])
TIMED = pytest.mark.parametrize("example", [one for one in EXAMPLES.values() if one.time or one.scheme == "stripe"])


def test_each_scheme_has_an_example() -> None:
    """One more scheme is one more example."""
    assert set(Scheme) == {example.scheme for example in EXAMPLES.values()}


@BY_NAME
def test_the_documented_example_is_accepted(example: Example) -> None:
    """As its vendor published it; with it comes the delivery's number, where the scheme has one."""
    assert example.verify() == example.delivery


@SIGNED
def test_a_changed_byte_is_refused(example: Example) -> None:
    """Wherever it stands in the body; also one more, or none at all."""
    body = example.body
    changed = [body[:at] + bytes([body[at] ^ 1]) + body[at + 1 :] for at in (0, len(body) // 2, len(body) - 1)]

    for other in (*changed, body + b" ", b""):
        with pytest.raises(NotVerified, match="does not match"):
            replace(example, body=other).verify()


@BY_NAME
def test_another_secret_is_refused(example: Example) -> None:
    """Of the same form, and a part of the right one; the sentence has neither."""
    other = "whsec_" + "AAAA" if example.scheme is Scheme.STANDARD else example.secret[:-1]

    with pytest.raises(NotVerified, match="does not match") as caught:
        example.verify(other)

    assert other not in str(caught.value)


@BY_NAME
def test_two_secrets_are_good_while_one_is_changed_for_the_other(example: Example) -> None:
    """Whichever of them comes first."""
    other = "whsec_" + "AAAA" if example.scheme is Scheme.STANDARD else "the one of before"

    assert example.verify(other, example.secret) == example.verify(example.secret, other) == example.delivery


@pytest.mark.parametrize(
    ("example", "header"),
    [(one, name) for one in EXAMPLES.values() for name in one.headers],
    ids=lambda part: str(part)[:20],
)
def test_a_missing_header_is_named(example: Example, header: str) -> None:
    """Each that its scheme needs; one that is empty is missing."""
    for left in ({}, {header: " "}):
        headers = {name: value for name, value in example.headers.items() if name != header} | left
        with pytest.raises(NotVerified, match=f"has to have the header {header}; it has none"):
            replace(example, headers=headers).verify()


@TIMED
@pytest.mark.parametrize("apart", [-86_400, -301, 301, 86_400])
def test_what_was_signed_at_another_time_is_refused(example: Example, apart: int) -> None:
    """More than 300 s before now, as a copy that is sent again is, or after."""
    now = datetime.fromtimestamp(example.at, UTC) + timedelta(seconds=apart)

    with pytest.raises(NotVerified, match=r"within 300 s of ours; it is (too old|of a time to come)"):
        example.verify(now=now)


@TIMED
@pytest.mark.parametrize("apart", [-300, 300])
def test_what_was_signed_a_little_apart_is_accepted(example: Example, apart: int) -> None:
    """Up to 300 s."""
    assert example.verify(now=datetime.fromtimestamp(example.at, UTC) + timedelta(seconds=apart)) == example.delivery


@TIMED
@pytest.mark.parametrize("time", ["", "soon", "-1", "1e9", "٣", "9" * 5000, str(AT + 1)])
def test_a_time_that_was_changed_is_refused(example: Example, time: str) -> None:
    """It is signed as well; nor does one that is no number do harm."""
    headers = dict(example.headers)
    if example.time:
        headers[example.time] = time
    else:
        headers["Stripe-Signature"] = headers["Stripe-Signature"].replace(f"t={AT}", f"t={time}")

    with pytest.raises(NotVerified):
        replace(example, headers=headers).verify()


@pytest.mark.parametrize("time", ["soon", "9" * 5000, "nan"])
def test_a_signed_time_that_is_none_is_refused(time: str) -> None:
    """Who has the secret may still write nonsense."""
    example = replace(
        EXAMPLES["stripe"], headers={"Stripe-Signature": f"t={time},v1={signed('whsec_gnome', f'{time}.', '{}').hex()}"}
    )

    with pytest.raises(NotVerified, match="it is no time"):
        example.verify()


@SIGNED
@pytest.mark.parametrize("signature", ["", ",", "=", "v1,", "sha256=", "v0=", "ÿ", "\udcff", "x" * 5000])
def test_a_signature_that_is_none_is_refused(example: Example, signature: str) -> None:
    """Whatever stands there."""
    with pytest.raises(NotVerified):
        replace(example, headers=example.headers | {example.signature: signature}).verify()


def test_of_several_signatures_one_is_enough() -> None:
    """Senders sign with the old and the new secret while they change it; other versions are none of ours."""
    standard, stripe = EXAMPLES["standard"], EXAMPLES["stripe"]
    others = f"v1a,{'A' * 44} v1,{'A' * 44} "
    said = stripe.headers["Stripe-Signature"]

    several = replace(
        standard, headers=standard.headers | {"webhook-signature": others + standard.headers["webhook-signature"]}
    )
    assert several.verify() == standard.delivery
    assert replace(stripe, headers={"Stripe-Signature": said.replace(",v1=", f",v1={'0' * 64},v1=")}).verify() is None
    with pytest.raises(NotVerified):
        replace(stripe, headers={"Stripe-Signature": said.replace(",v1=", ",v0=")}).verify()


def test_hubspot_signs_its_address_decoded() -> None:
    """The twelve characters its documents list, and no others."""
    example = EXAMPLES["hubspot"]
    time = example.headers["X-HubSpot-Request-Timestamp"]
    plain = "https://example.com/a:b?to=(x),%20y&z=%26"
    signature = base64.b64encode(signed(example.secret, "POST", plain, "{}", time)).decode()
    coded = replace(
        example,
        url="https://example.com/a%3Ab?to=%28x%29%2c%20y&z=%26",
        body=b"{}",
        headers=example.headers | {"X-HubSpot-Signature-v3": signature},
    )

    assert coded.verify() is None


def test_shopifys_newer_headers_are_read_too() -> None:
    """Without the X-."""
    example = EXAMPLES["shopify"]

    newer = replace(example, headers={name.removeprefix("X-"): value for name, value in example.headers.items()})

    assert newer.verify() == example.delivery


def test_a_token_may_have_any_letters() -> None:
    """HTTP reads the bytes of a header as Latin-1; they are compared as they were sent."""
    sent = "Bearer grüße".encode().decode("latin-1")

    assert replace(EXAMPLES["bearer"], headers={"Authorization": sent}).verify("grüße") is None


@pytest.mark.parametrize("secret", ["whsec_", "whsec_not base64", "whsec_é", ""])
def test_a_secret_that_anybody_could_guess_is_none(secret: str) -> None:
    """Standard Webhooks has them in base64; an empty one would be known to all."""
    with pytest.raises(ValueError, match=r"base64|nothing|ASCII"):
        key_of(Scheme.STANDARD, secret)
