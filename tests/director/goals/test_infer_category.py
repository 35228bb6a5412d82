"""Which category a marketer would give a goal, in the words founders use."""

import unicodedata

import pytest

from director.goals.infer_category import recognised
from director.words.states import Category

GOALS = {
    Category.OPTIMIZATION: (
        "Increase signup conversion by 20%",
        "Our pricing page gets traffic but nobody converts",
        "Double our conversions from the free trial page",
        "Convert more free users to paid",
        "Optimize the landing page for demo requests",
        "Optimise the signup flow on mobile",
        "Cut the bounce rate on the homepage",
        "Reduce the number of fields in our lead form",
        "People drop out of our forms half way",
        "Run an A/B test on our hero headline",
        "Fix the leak in our funnel between cart and payment",
        "More people should finish the checkout",
        "Lower our cart abandonment",
        "Get more people to book a demo",
        "CRO for the three pages with the most visitors",
    ),
    Category.RETENTION: (
        "Reduce churn among monthly customers",
        "Win back customers who churned in the last quarter",
        "Retain more of the teams that signed up in spring",
        "Improve 90-day retention",
        "Fix our onboarding so that new users reach their first report",
        "Get more annual plans renewed",
        "Reward loyal customers with a referral program",
        "Bring lapsed subscribers back",
        "People cancel after the first month",
        "Reactivate dormant accounts",
        "New users never come back after the first day",
        "Turn free users into paying ones with a better paywall",
        "Our activation rate is stuck at 12%",
        "Cross-sell the payroll add-on to existing customers",
    ),
    Category.CONTENT: (
        "Write three blog posts about remote work",
        "Publish two articles a month that our buyers really read",
        "Rewrite our homepage",
        "Rewrite the pricing page copy in plain words",
        "Write a newsletter for gnome collectors",
        "We need a content calendar for the next quarter",
        "Post on LinkedIn every weekday",
        "Produce an ebook for CFOs",
        "Plan our social media for March",
        "Improve our SEO",
        "Rank on the first page of Google for invoice software",
        "Grow organic traffic with guides about payroll",
    ),
    Category.COMPETITIVE: (
        "Respond to our competitor's new free tier",
        "Our competitors undercut us on price; answer them",
        "Competitor X just launched a clone of our product",
        "Write a comparison page against HubSpot",
        "Publish a page comparing us with Notion",
        "Be the alternative people find when they are unhappy with Mailchimp",
        "Why do we lose deals to Salesforce?",
        "Win customers from Intercom",
        "Take market share from the incumbents",
    ),
    Category.MEASUREMENT: (
        "Measure where our signups come from",
        "Set up tracking for the new signup flow",
        "Find out which channels bring paying customers",
        "Audit our analytics: the numbers do not add up",
        "Which metrics should we look at every Monday?",
        "Attribution is broken since we changed the domain",
        "Why did our traffic drop last week?",
        "Build a dashboard for the board with our marketing KPIs",
        "SEO audit of our website",
    ),
    Category.STRATEGIC: (
        "Position us as the premium choice in the Nordics",
        "Launch our new product in Germany",
        "Should we raise our prices?",
        "Find ideas for growing to 1M ARR",
        "Enter the US market",
        "Work out a go-to-market strategy for the API product",
        "Become known among HR managers",
        "Rework our pricing tiers",
        "Make singing gnomes a household name",
    ),
}

#: One that founders give, of each category, in each language: German, French, Spanish, Portuguese, Italian, Dutch.
ELSEWHERE = {
    Category.OPTIMIZATION: (
        "Mehr Anmeldungen über die Startseite", "Augmenter les inscriptions de 20 %", "Aumentar las inscripciones un 20 %",
        "Aumentar a taxa de conversão do cadastro", "Aumentare le iscrizioni del 20%", "Meer aanmeldingen via de homepage",
    ),
    Category.RETENTION: (
        "Weniger Kündigungen bei Monatskunden", "Réduire les résiliations et fidéliser nos clients",
        "Fidelizar a los clientes y reducir las bajas", "Reativar clientes inativos", "Fidelizzare i clienti esistenti",
        "Minder opzeggingen van bestaande klanten",
    ),
    Category.CONTENT: (
        "Drei Artikel über Heimarbeit schreiben", "Rédiger trois articles sur le télétravail",
        "Escribir tres artículos sobre el teletrabajo", "Escrever três artigos sobre trabalho remoto",
        "Scrivere tre articoli sul telelavoro", "Drie artikelen over thuiswerken schrijven",
    ),
    Category.COMPETITIVE: (
        "Uns von der Konkurrenz absetzen", "Répondre à l'offre gratuite de nos concurrents",
        "Responder a nuestros competidores", "Responder aos concorrentes", "Rispondere ai concorrenti",
        "Antwoord op de concurrentie",
    ),
    Category.MEASUREMENT: (
        "Messen, woher die Kunden kommen", "Mesurer d'où viennent nos clients", "Medir de dónde vienen los clientes",
        "Medir de onde vêm os clientes", "Misurare da dove arrivano i clienti", "Meten waar klanten vandaan komen",
    ),
    Category.STRATEGIC: (
        "Sollen wir die Preise erhöhen?", "Lancer notre produit en Espagne", "Lanzar el producto en Francia",
        "Lançar o produto em Portugal", "Lanciare il prodotto in Germania", "Moeten de prijzen omhoog?",
    ),
}  # fmt: skip

#: The words the specification names, each in a sentence that says nothing else.
NAMED = {
    "Better retention": Category.RETENTION,
    "Retain people": Category.RETENTION,
    "People who churned": Category.RETENTION,
    "Better onboarding": Category.RETENTION,
    "Convert visitors": Category.OPTIMIZATION,
    "Better conversion": Category.OPTIMIZATION,
    "More conversions": Category.OPTIMIZATION,
    "Optimize it": Category.OPTIMIZATION,
    "Optimise it": Category.OPTIMIZATION,
    "Measure it": Category.MEASUREMENT,
    "Better tracking": Category.MEASUREMENT,
    "Our competitor": Category.COMPETITIVE,
    "Our competitors": Category.COMPETITIVE,
    "Rewrite it": Category.CONTENT,
}

#: Words that hold a stem without meaning it: at their end, in their middle, or at their beginning.
LOOK_ALIKES = (
    "Prepare for the tax reform",
    "Inform everybody about our new address",
    "Perform better at trade fairs",
    "Become a platform people love",
    "Formalize how we talk to partners",
    "Crowdfunding for our gnome museum",
    "Grow in Croatia",
    "Be known across the industry",
    "Describe our ideal buyer",
    "Recover our reputation in the trade press",
    "Find partners in the postal business",
    "Be known to whoever sells medicine",
    "Begin conversations with those who set tariffs",
    "Keep out of a confrontation about gnomes",
)


@pytest.mark.parametrize(("text", "category"), [(text, name) for name, texts in GOALS.items() for text in texts])
def test_a_goal_is_put_where_a_marketer_would_put_it(text: str, category: Category) -> None:
    """
    The category follows from the goal's words alone; what hits nothing is strategic.
    """
    assert (recognised(text) or Category.STRATEGIC) is category


@pytest.mark.parametrize(("text", "category"), NAMED.items())
def test_each_word_the_specification_names_is_enough(text: str, category: Category) -> None:
    """
    Stems, not exact words; one is enough when nothing speaks against it.
    """
    assert recognised(text) is category
    assert recognised(text.upper()) is category
    assert recognised(f"({text.lower()})!") is category


@pytest.mark.parametrize("text", LOOK_ALIKES)
def test_a_stem_in_another_word_does_not_count(text: str) -> None:
    """
    A reform is no form and Croatia no CRO; what hits nothing is strategic.
    """
    assert recognised(text) in (None, Category.STRATEGIC)


@pytest.mark.parametrize(("text", "category"), [(text, name) for name, texts in ELSEWHERE.items() for text in texts])
def test_a_goal_in_another_language_is_put_there_too(text: str, category: Category) -> None:
    """
    Also in capitals, and typed without accents: the ready-made plan of another category would be seven tasks nobody asked for.
    """
    bare = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))

    assert recognised(text) is category
    assert recognised(text.upper()) is category
    assert recognised(bare) is category


def test_more_hits_win() -> None:
    """
    A goal that says several things of one category and one of another belongs to the first.
    """
    assert recognised("Reduce churn with an onboarding newsletter") is Category.RETENTION
    assert recognised("Write a blog post and a guide about tracking gnomes") is Category.CONTENT
    assert recognised("Measure conversion: which metrics and dashboards do we need?") is Category.MEASUREMENT


@pytest.mark.parametrize("text", ["", " ", "?", "Gartenzwerge", "売上を伸ばす", "\n\n"])
def test_what_says_nothing_is_of_no_category(text: str) -> None:
    """
    Then the usual one is taken, and a person is told that it is not from their words.
    """
    assert recognised(text) is None
