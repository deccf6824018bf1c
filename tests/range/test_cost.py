"""The bill of a plan follows from the plan and the prices, rung by rung."""

import pytest

from stillwatch.errors import ConfigError, UnknownNameError, UsageError
from stillwatch.range.archetypes.hydra import hydra
from stillwatch.range.cost import INPUTS, bill, cut_short, prices
from stillwatch.range.costing import campaign_cost, evaded
from stillwatch.range.evasions import evasions

PRICE = prices()
PLAN = hydra(accounts=100, per_account=10)


def spent(*specs, **more):
    return bill(evaded(PLAN, evasions(specs)), 7.0, PRICE, **more)


def test_the_items_of_a_plain_plan_by_hand():
    made = bill(PLAN, 7.0, PRICE)
    each = (250 * 3.0 + 350 * 15.0) / 1e6
    assert made.items["tokens of the harvest"] == pytest.approx(1000 * each)
    assert made.items["accounts"] == pytest.approx(100 * 0.26)
    assert made.items["payments"] == pytest.approx(9 * 3.0)
    assert made.items["network"] == pytest.approx(1000 * 15e-6 * 0.89)
    assert made.items["time"] == pytest.approx(700 * 0.025)
    assert made.retained == pytest.approx(800)
    assert made.usd_per_example == pytest.approx(sum(made.items.values()) / 800)
    assert set(made.items) == {"tokens of the harvest", "accounts", "payments", "network", "time"}


def test_follow_ups_are_paid_for_as_requests():
    """As many requests as without, of a quarter of the items."""
    talked = bill(hydra(accounts=100, per_account=12, exchanges=4.0), 7.0, PRICE)
    assert talked == bill(hydra(accounts=100, per_account=12), 7.0, PRICE)


def test_less_than_one_exchange_an_item_is_refused():
    with pytest.raises(UsageError, match="at least one exchange"):
        hydra(accounts=100, per_account=12, exchanges=0.5)


RUNGS = [
    ("L3", {"paraphrase"}),
    ("L4:0.8", {"tokens of chat cover"}),
    ("L7", {"sorting"}),
    ("L8", {"translation"}),
    ("L10", {"tokens of relay cover"}),
    ("L11", {"tokens of benchmark cover"}),
    ("L13", {"tokens of the reference period"}),
]


@pytest.mark.parametrize(("spec", "items"), RUNGS, ids=[spec for spec, _ in RUNGS])
def test_a_rung_adds_its_own_item(spec, items):
    assert set(spent(spec).items) - set(spent().items) == items


@pytest.mark.parametrize("spec", ["L3", "L4:0.5", "L4:0.8", "L5:1", "L6", "L7", "L8", "L9", "L10", "L11"])
def test_a_rung_makes_an_example_dearer(spec):
    assert spent(spec).usd_per_example > spent().usd_per_example


def test_a_period_cut_short_pays_for_what_was_sent_and_for_lost_credit():
    calm = spent("L3")
    cut = cut_short(calm, PRICE, banned=50, sent=0.25, kept=0.3)
    assert cut.items["bans"] == pytest.approx(50 * 2.5)
    assert cut.retained == pytest.approx(0.3 * calm.retained)
    assert set(calm.items) > {"accounts", "payments", "paraphrase", "time"}
    for name, usd in calm.items.items():
        assert cut.items[name] == pytest.approx(usd if name in {"accounts", "payments"} else 0.25 * usd)
    assert cut_short(calm, PRICE, banned=0, sent=1.0, kept=1.0) == calm
    assert spent(owned=100).items.get("accounts", 0) == 0


def test_every_price_says_where_it_is_from():
    above, undocumented = "", []
    for line in INPUTS.read_text().splitlines():
        if line.startswith("#"):
            above += line
        elif "=" in line:
            undocumented += [] if "Source" in above or "Assumption" in above else [line]
        else:
            above = ""
    assert not undocumented


def test_prices_can_be_changed_by_file_and_by_name(tmp_path):
    file = tmp_path / "p.toml"
    file.write_text("[accounts]\nverification_usd = 2.0\n")
    assert prices(file).verification_usd == 2.0
    assert prices(file, {"verification_usd": 3}).verification_usd == 3.0
    assert prices(file).output_usd_per_million == PRICE.output_usd_per_million


REFUSED = [
    ("an unknown price", "verifcation_usd = 1", UnknownNameError, "verification_usd"),
    ("a negative price", "verification_usd = -1", ConfigError, "number from 0 to"),
    ("more than there is", "verification_usd = 1e300", ConfigError, "to 1,000,000,000"),
    ("a word", 'verification_usd = "cheap"', ConfigError, "number from 0 to"),
    ("a share above one", "retained_share = 1.5", ConfigError, "from 0 to 1, not"),
    ("not TOML", "verification_usd", ConfigError, "TOML"),
]


@pytest.mark.parametrize(("text", "error", "said"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
def test_a_wrong_price_is_refused_with_its_place(text, error, said, tmp_path):
    file = tmp_path / "p.toml"
    file.write_text(text)
    with pytest.raises(error) as caught:
        prices(file)
    assert said in f"{caught.value} {caught.value.hint}"
    assert str(file) in str(caught.value)


def test_a_campaign_is_costed_by_name():
    record = campaign_cost("hydra", evasions=["L3", "L9"], days=7.0, settings={"accounts": 50})
    assert record["evasions"] == ["L3-paraphrase", "L9-clean"]
    assert record["items_usd"]["accounts"] == 250.0
    with pytest.raises(UnknownNameError, match="hidra"):
        campaign_cost("hidra")
    with pytest.raises(UnknownNameError, match="account"):
        campaign_cost("hydra", settings={"account": 3})
    with pytest.raises(UsageError):
        campaign_cost("hydra", settings={"accounts": -3})
