"""Which kind of business a product context is about: a few plain signs, and nothing where they do not agree."""

import pytest

from director.goals.infer_business import CLEAR, Recognised, recognised
from director.prompting.allowances import CONTEXT_ALLOWANCE
from pipelines.template import Business

LOCAL = (
    "Miller's Bakery in Canal Street. Open Tuesday to Saturday, 7 to 14. Regulars order by telephone; cakes on the counter.",
    "Hart & Rowe, an accountants' office above the chemist in the High Street. Clients use cloud bookkeeping software or bring "
    "a box. First appointment free. Office hours Monday to Thursday.",
    "Two plumbers and a van, for the town and the villages around. People ring after a neighbour told them; leaflets in "
    "October. They come in person, the same day.",
    "Zahnarztpraxis Dr. Lind, Bahnhofstraße 3. Öffnungszeiten Mo bis Fr. Termine am Telefon, im Wartezimmer ein Aushang.",
    "Boulangerie Petit. Horaires d'ouverture : 7 h à 19 h. Au comptoir, les voisins achètent leur pain.",
    "Peluquería Luz, en el barrio. Horario: de 9 a 19. Cita previa en el mostrador.",
    "Padaria Sol, no bairro. Horário: das 7 às 19. O balcão fica à entrada.",
    "Officina Rossi nel quartiere. Orari: dalle 8 alle 18. Un cartello in vetrina.",
    "Kapper Jansen, om de hoek in de buurt. Openingstijden van 9 tot 18. Afspraak aan de toonbank.",
)

SOFTWARE = (
    "fastqueue is an open source job queue for Python: pip install fastqueue. Documentation and changelog on GitHub.",
    "Ledgerly is SaaS for finance teams: a dashboard, an API, a free trial of 14 days, priced per seat.",
    "Gartenplan ist Software für Gärtner: Testphase von 14 Tagen, Schnittstelle zum Kalender, läuft im Browser.",
    "Un logiciel dans le cloud, essai gratuit, une API, documentation en ligne.",
)

UNCLEAR = (
    "Booking software for hair salons and barbers. Clients book an appointment at the front desk; opening hours are kept. "
    "14-day trial, an API, hosted in the cloud, £19 per seat.",
    "A till for cafés and shops in the high street: software on a tablet, 30 days of trial.",
    "Ceramic gnomes, sold in our own online shop. Delivery in three days, returns within fourteen.",
    "Ada Vale advises companies on pricing: three-day workshops, a report, a call.",
    "We sell bicycles.",
)


@pytest.mark.parametrize(
    ("text", "business"),
    [*((text, Business.LOCAL) for text in LOCAL), *((text, Business.SOFTWARE) for text in SOFTWARE)],
)
def test_a_context_with_several_signs_is_recognised(text: str, business: Business) -> None:
    """
    In any of the languages a goal may have, also in capitals; the words that say so are those that stand in it.
    """
    found = recognised(text)

    assert found.business is business
    assert len(found.words) >= CLEAR
    assert [word for word in found.words if word not in text] == []
    assert recognised(text.upper()).business is business


@pytest.mark.parametrize("text", UNCLEAR)
def test_where_signs_are_few_or_contradict_nothing_is_said(text: str) -> None:
    """
    Who sells software to shops has the words of both, and a shop without a door has hardly any.
    """
    assert recognised(text) == Recognised()


@pytest.mark.parametrize("text", [None, "", " ", "売上を伸ばす", "?"])
def test_without_a_context_nothing_is_said(text: str | None) -> None:
    """
    Then the plans for both are offered.
    """
    assert recognised(text) == Recognised()


def test_one_sign_counts_once_however_often_and_in_how_many_words() -> None:
    """
    A list of the trades one sells to is no shop.
    """
    trades = "For bakeries: a bakery, a butcher, a florist, a barber, a restaurant, a hotel, a garage and a pharmacy. "

    assert recognised(trades * 9) == Recognised()


def test_the_other_kind_of_business_may_have_half_as_many_signs_at_most() -> None:
    """
    Four against two is clear, four against three is not.
    """
    four = "A workshop in Mill Street, open Tuesday; come in. "
    two = "Bookkeeping is done with software in the cloud. "

    assert recognised(four + two).business is Business.LOCAL
    assert recognised(four + two + "There is an API.").business is None


def test_a_sign_is_a_word_and_no_part_of_one() -> None:
    """
    A counterpart is no counter, best practices are no practice, and a landlord has no lane.
    """
    assert (
        recognised("Counterparts, best practices, tilling, a planet, streetwise apples, capital apis.") == Recognised()
    )


def test_of_a_long_context_the_part_everybody_is_shown_decides() -> None:
    """
    What is behind it is in no prompt, and takes no time.
    """
    assert recognised("x" * CONTEXT_ALLOWANCE + LOCAL[0]) == Recognised()
    assert recognised(LOCAL[0] + "x" * CONTEXT_ALLOWANCE).business is Business.LOCAL


def test_words_are_shown_as_they_were_written() -> None:
    """
    With their accents and capitals, also where a character has none without its accent.
    """
    assert "Öffnungszeiten" in recognised(LOCAL[3]).words
    assert "offnungszeiten" in recognised("각" + LOCAL[3]).words


def test_of_a_word_without_end_a_beginning_is_shown() -> None:
    """
    Whatever a context holds, the sentence that names its words stays one.
    """
    assert max(map(len, recognised(LOCAL[0].replace("Bakery", "Bakery" + "y" * 9_000)).words)) <= 30
