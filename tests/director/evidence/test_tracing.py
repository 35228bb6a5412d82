"""Where each fact stands, and what is no fact at all."""

import pytest

from director.evidence.facts import Kind, facts_in
from director.evidence.tracing import Source, Where, trace, untraced

GNOMES = Source(
    "context",
    Where.CONTEXT,
    "The gnome Bertil costs £14. 1,200 gnomes were sold by 28 November 2026. "
    "Office hours: open Tuesday to Saturday, 7:30 to 18:00.\n\n"
    'A buyer said: "My gnome never sleeps at night." Of 41 buyers, 30 came back. The shop has six ovens and two painters.',
)


def where(text: str, *sources: Source) -> dict[str, Where]:
    return {one.fact.words: one.where for one in trace(text, sources or (GNOMES,))}


@pytest.mark.parametrize(
    "text",
    [
        "Bertil costs 14 pounds.", "Bertil costs 14 GBP.", "Bertil costs fourteen pounds.", "Bertil costs £14.00.",
        "We sold 1.2k gnomes.", "We sold 1200 gnomes.", "We sold 1.200 gnomes.", "We sold 1\u202f200 gnomes.",
        "It was 2026-11-28.", "It was 28.11.2026.", "It was 11/28/2026.", "It was November 28th, 2026.",
        "We open at half past seven.", "We close at 6 pm.", "We open at 7.30 am.",
        "A buyer said “my gnome never sleeps at night”.", "Closed on Mondays.", "The shop has 6 ovens.",
    ],
)  # fmt: skip
def test_the_same_fact_in_another_writing_is_given(text: str) -> None:
    """
    Numbers, currencies, dates, times and quotations are compared by what they mean.
    """
    found = trace(text, [GNOMES])

    assert found
    assert {Where.CONTEXT, Where.FOLLOWS} >= {one.where for one in found}


@pytest.mark.parametrize(
    ("sign", "words"),
    [("½", "half"), ("⅓", "a third"), ("⅔", "two thirds"), ("¼", "a quarter"), ("¾", "three quarters")],
)
def test_a_fraction_in_one_sign_means_what_its_words_mean(sign: str, words: str) -> None:
    """
    Each of them its own share.
    """
    (written,) = facts_in(f"{sign} of the buyers came back.")
    (spelled,) = facts_in(f"{words} of the buyers came back.")

    assert (written.kind, written.means) == (spelled.kind, spelled.means)


@pytest.mark.parametrize(
    "text",
    [
        "Bertil costs £15.", "Bertil costs €14.", "We sold 1,300 gnomes.", "It was 29 November 2026.", "We open at 8:30.",
        "A buyer said \"my gnome never slept at night\".", "Open on Mondays.", "The shop has two ovens.", "Ask for Ingeborg.",
        "It is the cheapest gnome in town.", "See https://gnomes.example/prices for all of it.", "Call 0123 456 789.",
        "Hundreds of buyers came back.",
    ],
)  # fmt: skip
def test_what_no_source_has_stands_nowhere(text: str) -> None:
    """
    Also a number that a source has for something else.
    """
    assert Where.NOWHERE in where(text).values()


@pytest.mark.parametrize(
    "text",
    [
        "1. First item\n2. Second item", "## 3. Results", "Write at most 150 words.", "Send it on day 5.", "Aim for 90 buyers.",
        "Post it within 3 days.",
        "For example, 17 of them might come.", "```python\nx = 4711\n```", "Dear {{first_name}},",
        "| Month | Target |\n|---|---|\n| December | 64 |", "Day 0, day 2 and day 5.",
    ],
)  # fmt: skip
def test_what_a_writer_proposes_or_numbers_is_no_fact(text: str) -> None:
    """
    Plans, targets, limits, numbering, code and merge fields.
    """
    assert [] == [fact for fact in facts_in(text) if fact.kind is not Kind.NAME]


PRICES = Source(
    "context",
    Where.CONTEXT,
    """*Last updated: 3 May 2026*

| Gnome | Per month | Per year | Weight |
|---|---|---|---|
| Garden | £12 | £120 | 500 g |
| Door | £29 | £290 | 2 kg |

- 318 buyers of garden gnomes, 905 of door gnomes. The goal: 1,500 buyers of gnomes by June 2027.
- Painted since 2004 in Gnomeham. The kiln is closed from 25 December to 4 January; first fire on Tuesday, 5 January 2027.
- Wrapping: 60p a gnome.
- Garden gnomes are cheaper than door gnomes. Second place at the Gnome Fair.
- Of 96 buyers, 83 smiled. A school pays 20% less for a garden gnome.""",
)


@pytest.mark.parametrize(
    "text",
    [
        "1,223 buyers have one.", "587 more buyers chose door gnomes.", "A garden gnome is £17 a month cheaper.",
        "By the year you save £24 on a garden gnome.", "Three garden gnomes for a month come to £36.",
        "A garden gnome is £12.60 with the wrapping.", "For a class of 60 a garden gnome is £2 a year each.",
        "Almost nine in ten smiled (83 of 96).", "Of our 1,223 buyers, 318 have garden gnomes, about a quarter.",
        "We have painted for 22 years.", "The kiln is closed for eleven days.", "The fire is lit again on Tue 5 Jan 2027.",
        "Half a kilo of garden gnome.", "A garden gnome for a school is £9.60 a month.", "Twelve pounds a month.",
        "The kiln rests on Christmas Day.", "There are two gnomes to choose from.",
        "Two garden gnomes and one door gnome are £53 a month.", "Three door gnomes and four garden gnomes: £135.",
    ],
)  # fmt: skip
def test_what_a_careful_writer_reckons_is_given(text: str) -> None:
    """
    From rows, sentences and paragraphs; an alarm on a right number costs its reader as much as a missed one.
    """
    assert () == untraced(text, [PRICES])


@pytest.mark.parametrize(
    "text",
    [
        "1,233 buyers have one.", "597 more buyers chose door gnomes.", "A garden gnome is £18 a month cheaper.",
        "By the year you save £25 on a garden gnome.", "Three garden gnomes for a month come to £37.",
        "Almost nine in ten smiled in 2021.", "We have painted for 25 years.", "The kiln is closed for nine days.",
        "The fire is lit again on Monday, 5 January 2027.", "A kilo of garden gnome: 900 g.", "500 kg each.",
        "A door gnome is £120 a year.", "Door gnomes are cheaper than garden gnomes.", "First place at the Gnome Fair.",
        "We shut on Boxing Day 2024.", "Two garden gnomes and one door gnome are £52.",
        "318 of our 1,400 buyers.", "Start it with `paint --resume`.",
    ],
)  # fmt: skip
def test_what_is_reckoned_wrongly_or_of_something_else_stands_nowhere(text: str) -> None:
    """
    A wrong sum, a weekday that is not that of its date, another unit, the price of another row, a comparison turned round.
    """
    assert untraced(text, [PRICES])


@pytest.mark.parametrize("sign", ["£", "€", "$", "¥", "₹"])
def test_a_column_gives_its_numbers_their_currency(sign: str) -> None:
    """
    Whichever of those that numbers are read with.
    """
    context = Source("context", Where.CONTEXT, f"| Gnome | Price in {sign} |\n|---|---|\n| Garden | 1300 |")

    assert [Where.CONTEXT] == list(where(f"A garden gnome is {sign}1,300.", context).values())


def test_a_goal_is_no_achievement() -> None:
    """
    The number that is hoped for does not vouch for what is.
    """
    context = Source("context", Where.CONTEXT, "318 buyers in 2026.\n\n## Goals\n\n400 buyers by June 2027.")

    assert Where.NOWHERE is where("400 buyers have a gnome.", context)["400"]
    assert Where.CONTEXT is where("We want to have 400 buyers.", context)["400"]


def test_a_statement_inside_a_proposal_is_a_fact() -> None:
    """
    What a person did is no proposal, whoever they should be to the reader.
    """
    assert Where.NOWHERE is where("Ingrid, who joined in 2014, should write it.")["2014"]


def test_sums_differences_and_shares_of_given_numbers_follow() -> None:
    """
    Of two numbers that stand together, and of a table's column; a wrong one does not.
    """
    assert Where.FOLLOWS is where("Of the 41 buyers 11 did not come back, 30 did.")["11"]
    assert Where.FOLLOWS is where("73 % of the 41 buyers came back, 30 of them.")["73 %"]
    assert Where.NOWHERE is where("83 % of the 41 buyers came back.")["83 %"]
    table = "| Gnomes | Number |\n|---|---|\n| Ovens | 6 |\n| Painters | 2 |\n| Total | {} |"
    assert Where.FOLLOWS is where(table.format(8))["8"]
    assert Where.NOWHERE is where(table.format(9))["9"]


def test_a_fact_that_only_an_input_has_is_open() -> None:
    """
    That it was approved there vouches for nothing here.
    """
    given = Source("gnome-report", Where.INPUT, "The garden show sold 77 gnomes to Ingeborg.")
    (one,) = [one for one in trace("The show sold 77 gnomes.", [GNOMES, given]) if one.fact.words == "77"]

    assert (Where.INPUT, "gnome-report") == (one.where, one.by)
    assert one.is_open


@pytest.mark.parametrize(
    "text",
    [
        "Some 900 came [needs source].", "Some 900 came. [needs source]", "Assumption: 900 will come.",
        "- Assumption: the show is on. Then 900 come.", "We assume that 900 come.", "## Assumptions\n\n- 900 come.",
        "## Assumptions\n\n### The show\n\n900 come.", "These are assumptions:\n\n- It is dry.\n- 900 come.",
        "| What | Assumed |\n|---|---|\n| Guests | 900 |", "| Guests | 900 | [needs source] |\n|---|---|---|",
    ],
)  # fmt: skip
def test_what_a_text_calls_an_assumption_is_told_apart(text: str) -> None:
    """
    It stands nowhere too, but the reader is told so.
    """
    assert Where.ASSUMED is where(text)["900"]
    assert () == untraced(text, [GNOMES])


@pytest.mark.parametrize(
    "text",
    [
        "## Assumptions\n\n## Facts\n\n900 come.",
        "We assume:\n\n- It is dry.\n\n900 come.",
        "Nobody assumes it. 900 come.",
    ],
)
def test_what_stands_beside_an_assumption_is_still_a_fact(text: str) -> None:
    """
    The next heading, paragraph or sentence is none.
    """
    assert ["900"] == [one.fact.words for one in untraced(text, [GNOMES])]


def test_an_assumption_that_a_source_has_is_a_fact() -> None:
    """
    Who is careful without need is not asked for a source.
    """
    assert Where.CONTEXT is where("We assume that Bertil costs £14.")["£14"]


PLAN = Source(
    "context",
    Where.CONTEXT,
    "The subscription is called the Standing Gnome. £14 a month for one gnome, £22 for a door gnome. First month free after a "
    "repair for a gnome of £40 or more.\n\nPeople come with a gnome and a bill over £80.",
)


@pytest.mark.parametrize("text", ["£14 a month", "fourteen pounds per month", "£14 monthly", "£14/month", "£14"])
def test_a_price_of_the_brand_is_its_price_whatever_else_has_one(text: str) -> None:
    """
    Everyday words beside another sum, or beside a limit, speak for no other price of the thing; another period does.
    """
    said = f"A Standing Gnome repair, bill and all, is {text}."

    assert () == untraced(said, [PLAN])
    assert Where.NOWHERE is where("The Standing Gnome is £14 a year.", PLAN)["£14"]
    assert Where.NOWHERE is where("First month free after a repair of £14 or more.", PLAN)["£14"]


FORM = "| Monday | Came | Left |\n|---|---|---|\n| 30 Nov | {came} | |\n| 7 Dec | ____ | |"


@pytest.mark.parametrize(
    ("noise", "fact"),
    [
        (FORM.format(came=""), FORM.format(came="77")),
        (
            "| Day | Minutes | What |\n|---|---|---|\n| Tuesday | 25 | Send two |",
            "| Gnome | Minutes |\n|---|---|\n| Kiln | 25 |",
        ),
        ("Stop it with Ctrl-C.", "Stop it with Ctrlix-C."),
        ("Put Bertil beside it. Tried Bertil? Port one of your own.", "Put Ingeborg beside it."),
        ("Maybe. Shall we? Rebuilding it: unset it.", "Rebuilding Ingeborg."),
        ("After the 30 seconds it wakes.\n\n```python\nsleep(30)\n```", "After the 31 seconds it wakes: `sleep(30)`."),
    ],
    ids=[
        "a form's dates",
        "a timetable's minutes",
        "a key",
        "an order and a name",
        "everyday words",
        "the text's own code",
    ],
)
def test_what_is_no_claim_raises_no_alarm_and_what_is_does(noise: str, fact: str) -> None:
    """
    Each beside the claim that looks most like it.
    """
    assert () == untraced(noise, [GNOMES])
    assert () != untraced(fact, [GNOMES])


def test_a_colleague_s_words_vouch_for_nothing_that_a_source_has() -> None:
    """
    Whoever rephrases what a colleague took from the context is nearer to the colleague's words; the context still has it.
    """
    context = Source(
        "context", Where.CONTEXT, "What joining takes: five minutes at the counter, a form. Retries from 15 s on."
    )
    letter = Source(
        "letter",
        Where.INPUT,
        "Coming back takes five minutes: a form, a look at the gnome. Delays grow from 15 seconds on.",
    )
    text = "Coming back? Five minutes: a form, a look at the gnome. Retries: delays grow from 15 seconds on."

    assert {"Five minutes": Where.CONTEXT, "15 seconds": Where.CONTEXT} == where(text, letter, context)
    assert (
        Where.INPUT
        is where("Six minutes for a look.", Source("l", Where.INPUT, "Six minutes."), context)["Six minutes"]
    )


def test_what_is_untraced_is_listed_once() -> None:
    """
    In order of the text, however often and in whatever writing it is said; an assumption is none.
    """
    report = Source("gnome-report", Where.INPUT, "The garden show sold 77 gnomes.")
    text = (
        "Bertil costs £14, Ingeborg £19. We assume that 500 gnomes sing. The show sold 77 gnomes. The £19 is fair, nineteen "
        "pounds."
    )
    found = untraced(text, [report, GNOMES])

    assert [("Ingeborg", ""), ("£19", ""), ("77", "gnome-report")] == [(one.fact.words, one.by) for one in found]
    assert Where.ASSUMED is where(text, report, GNOMES)["500"]


def test_the_goal_and_references_count_by_their_own_names() -> None:
    """
    The person's words before a reference, the context before both.
    """
    goal = Source("goal", Where.GOAL, "Sell 500 gnomes")
    known = Source("gnome lore", Where.REFERENCE, "In studies, 62 % of gnomes smile. Sell 500 gnomes.")

    assert Where.GOAL is where("Sell 500 gnomes.", known, goal)["500"]
    assert Where.REFERENCE is where("62 % of gnomes smile.", known, goal)["62 %"]


def test_what_the_brand_does_not_claim_vouches_for_nothing() -> None:
    """
    A list of claims to avoid holds the very words.
    """
    context = Source("context", Where.CONTEXT, "We do not claim: cheapest gnomes, fastest gnomes.")

    assert Where.NOWHERE is where("The cheapest gnomes in town.", context)["cheapest"]


def test_a_fact_knows_its_place() -> None:
    """
    Its line in the document, and the sentence it stands in.
    """
    (fact,) = facts_in("# Prices\n\nThey sing. They\nwere sold for £14 each.")

    assert (Kind.MONEY, "£14", 4) == (fact.kind, fact.words, fact.line)
    assert "sold for £14 each" in fact.sentence


@pytest.mark.parametrize("word", ["Decide", "Marketing", "Separate", "Junior", "Octopuses", "Bake"])
def test_a_sentence_may_end_with_a_number(word: str) -> None:
    """
    Whatever letters the next word begins with.
    """
    (sentence,) = [fact.sentence for fact in facts_in(f"We trained 12. {word} come later.") if fact.words == "12"]

    assert "We trained 12." == sentence


@pytest.mark.parametrize("month", ["October", "Oktober", "Oct", "Okt", "May", "März"])
def test_a_day_s_full_stop_ends_no_sentence(month: str) -> None:
    """
    Its month belongs to it, in other languages and shortened too.
    """
    (fact,) = facts_in(f"We sang on 12. {month}, all of us.")

    assert (Kind.DATE, f"12. {month}") == (fact.kind, fact.words)


def test_the_same_text_and_sources_give_the_same_list() -> None:
    """
    In the order of the text, whatever is hashed how.
    """
    text = "Bertil and Ingeborg sold 41 of 1,200 gnomes for £14 in 2026."

    assert trace(text, [GNOMES]) == trace(text, [GNOMES])


@pytest.mark.parametrize(
    "text",
    [
        # What played goals put before their owners, and was nothing.
        "| No. | Name | Came |\n|---|---|---|\n| 1 | | |\n| 2 | | |\n| 3 | Bertil | |",
        '| They say | You say |\n|---|---|\n| "It broke." | "I\'m sorry. What happened?" Write it down. |',
        "```\ndocker run -d --rm -p 6379:6379 redis:7\n```",
        "Type `docker run --rm redis` and wait.",
        "Sorry to trouble you. Goodbye. Perhaps in spring. Hence this letter.",
        "One line helps, or half of one.",
        "The gnome is in another folder than the hat.",
        "All the best there, and half a gnome is better than none.",
        "Others do it differently [7].",
    ],
)
def test_what_says_nothing_of_the_brand_is_no_open_fact(text: str) -> None:
    """
    Numbered rows, a script's own words, what is typed into a terminal, openings of sentences, turns of speech.
    """
    assert [one.fact.words for one in untraced(text, [GNOMES])] == []


@pytest.mark.parametrize(
    "text",
    ["from 9 to 17", "any weekday, 9 to 17", "between 9 and 17", "we are here until 17", "nine to five", "9 to 5"],
)
def test_bare_hours_are_those_of_the_source(text: str) -> None:
    """
    In whatever writing the office states them; other hours are open.
    """
    open_at = [
        Source("context", Where.CONTEXT, f"Open Monday to Friday, {hours}.") for hours in ("9 to 17", "10 to 16")
    ]
    said = f"The desk takes it, {text}."

    assert [bool(untraced(said, [source])) for source in open_at] == [False, True]


def test_a_day_of_the_month_counts_nothing() -> None:
    """
    "From the 11th on" is a date, and a rank is none.
    """
    said = facts_in("From the 9th to the 14th clerks ring, on the 15th or 16th, say, from the 11th on nobody.")

    assert {(one.kind, one.words) for one in said} == {(Kind.DATE, f"{day}th") for day in (9, 14, 15, 16, 11)}
    assert [one.kind for one in facts_in("She was the 20th customer of the day.")] == [Kind.NUMBER]


def test_a_bill_over_a_limit_names_no_price() -> None:
    """
    "The service was over £40" belongs to "a repair of £40 or more" and not to the price of a service.
    """
    shop = Source(
        "context", Where.CONTEXT, "A service costs £65. The first month is free after a repair of £40 or more."
    )

    assert untraced("The first month is free, because the service was over £40.", [shop]) == ()
    assert [one.fact.words for one in untraced("The service costs £40.", [shop])] == ["£40"]
