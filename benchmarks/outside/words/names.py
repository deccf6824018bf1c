"""Made-up names of people, companies, products and places."""

from __future__ import annotations

import random

from benchmarks.outside.words.listing import listed

FIRST = listed("""
    Amara | Anselm | Beatriz | Bilal | Camille | Chidi | Daria | Dmitri | Eira | Emeka | Farah |
    Felix | Greta | Haruto | Hina | Ibrahim | Ines | Ivo | Jia | Jonas | Kavya | Kofi | Leila | Lucas |
    Maren | Mateo | Mei | Mila | Nadia | Nikhil | Noor | Olga | Omar | Paolo | Priya | Quentin |
    Rafael | Rosa | Sanne | Santiago | Soren | Tariq | Thandi | Uma | Valeria | Viktor | Wanjiru |
    Xavier | Yara | Yusuf | Zofia
""")
LAST = listed("""
    Abara | Aldana | Bergqvist | Brandão | Castellan | Chowdhury | Dahl | Eriksen | Fontaine |
    Grabowski | Haddad | Ivanova | Jansen | Kamau | Kowalczyk | Larsen | Lindqvist | Mahlangu |
    Moreau | Nakagawa | Novak | Okafor | Ortega | Petrov | Quispe | Rahman | Rossi | Sato | Silva |
    Svensson | Takahashi | Tanaka | Ueda | Vargas | Weber | Xu | Yılmaz | Zhang | Zoric
""")
HEADS = listed("""
    Amber | Arden | Bramble | Cinder | Copper | Dove | Elder | Fern | Garnet | Harrow | Hazel | Iron |
    Juniper | Kestrel | Lark | Linden | Maple | Mistral | North | Oak | Otter | Pebble | Pine |
    Quarry | Raven | Reed | Rowan | Sable | Silver | Slate | Spruce | Stone | Tern | Thistle | Umber |
    Vale | Wander | Willow | Wren | Yarrow | Zephyr
""")
TAILS = listed("""
    bridge | field | gate | works | lane | mark | point | forge | path | line | stead | crest |
    harbor | loop | stack | ledger | care | freight | cart | grid | metrics | pay | health | travel |
    legal | foods | labs | robotics | media | studio | soft
""")
FORMS = ("", "", "", " GmbH", " Ltd", " Inc", " SA", " BV", " AB", " Pvt", " KK", " LLC")
TLDS = ("example", "example", "example", "co.example", "io.example", "eu.example")
CITIES = listed("""
    Lisbon | Porto | Madrid | Lyon | Lille | Ghent | Utrecht | Bremen | Leipzig | Graz | Brno |
    Gdansk | Riga | Tartu | Turku | Aarhus | Bergen | Cork | Leeds | Bristol | Izmir | Ankara | Amman |
    Muscat | Pune | Kochi | Jaipur | Dhaka | Hanoi | Cebu | Penang | Osaka | Sapporo | Busan |
    Taichung | Chengdu | Perth | Hobart | Accra | Kumasi | Nairobi | Kigali | Durban | Recife |
    Curitiba | Rosario | Cusco | Quito | Mérida | Puebla | Austin | Denver | Boise | Halifax | Calgary
""")
PRODUCTS = listed("""
    wireless earbuds | standing desk | trail running shoes | espresso machine | air fryer |
    baby stroller | rain jacket | robot vacuum | water bottle | mechanical keyboard | yoga mat |
    desk lamp | phone case | backpack | electric toothbrush | camping tent | blender | office chair |
    dog harness | smart thermostat | bike helmet | cast iron pan | pillow | sunscreen | fitness watch |
    night light | suitcase | hair dryer | board game | garden hose
""")


def person(dice: random.Random) -> str:
    """A full name."""
    return f"{dice.choice(FIRST)} {dice.choice(LAST)}"


def company(dice: random.Random) -> str:
    """A company's name; some five thousand differ."""
    return dice.choice(HEADS) + dice.choice(TAILS) + dice.choice(FORMS)


def domain_of(name: str, dice: random.Random) -> str:
    """The e-mail domain of a company."""
    return f"{name.split(maxsplit=1)[0].lower()}.{dice.choice(TLDS)}"
