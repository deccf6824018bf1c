"""Fictional people, places, companies, dates and amounts that all texts draw from."""

from __future__ import annotations

from benchmarks.outside.businesses.grammar import Rules
from benchmarks.outside.words.listing import listed

_FIRST = listed("""
    Adaeze | Albin | Alma | Amaru | Anouk | Arash | Asel | Ayaka | Bashir | Beata | Benat | Bilal |
    Birgit | Bram | Caio | Carys | Chidi | Ciara | Dagny | Damir | Daria | Diego | Dilnoza | Edda | Eero
    | Ekene | Elif | Emeka | Enzo | Esra | Farida | Fausto | Fenna | Fiorella | Gaspar | Gita | Goran |
    Greta | Hamza | Hedda | Hiro | Ilse | Imani | Ines | Ioan | Isla | Ivo | Jamila | Janek | Jasna |
    Joaquim | Jun | Kaisa | Kamal | Karim | Kateryna | Kenji | Kirra | Lale | Lars | Leila | Ligia |
    Lior | Luca | Maja | Malik | Manoj | Marit | Mateus | Mei | Mihai | Milica | Minh | Nadia | Nandi |
    Neha | Niamh | Niko | Noor | Nuno | Odile | Olga | Omar | Oskar | Paloma | Parisa | Pavel | Petra |
    Priya | Quim | Rafa | Rania | Ravi | Renata | Rohan | Rosa | Ruth | Sabine | Samir | Sanne | Selma |
    Silvio | Sina | Soraya | Stellan | Sunil | Tadeo | Tamsin | Tariq | Tessa | Thabo | Tiago | Tomas |
    Uma | Ursa | Vera | Viggo | Wanda | Wei | Xenia | Yara | Yusuf | Zeynep | Zofia
""")

_LAST = listed("""
    Abbott | Achterberg | Adeyemi | Aksoy | Albescu | Amundsen | Anand | Arrieta | Asante | Baptista |
    Barzani | Bekele | Bellweather | Bergqvist | Bisset | Borowski | Brannigan | Calloway | Cardoso |
    Castellan | Chaudhry | Cheung | Corvino | Dahlgren | Darzi | Delacour | Demirel | Dragan | Duarte |
    Eklund | Eriksen | Esposito | Fagan | Farouk | Ferreira | Fonteyn | Gallardo | Garrick | Gebre |
    Goswami | Grabner | Grimaldi | Guerin | Halloran | Hashimi | Havel | Herrero | Hollis | Horvat |
    Ibsen | Ikeda | Iyer | Jablonski | Jansen | Jarvela | Kamau | Kapoor | Keller | Kinsella | Kostic |
    Kuznets | Lachance | Larkin | Leclair | Lindqvist | Lobo | Lungu | Maguire | Malinowski | Marchetti
    | Mbeki | Medeiros | Meszaros | Mistry | Moreau | Mukherjee | Nakagawa | Ndiaye | Nyberg | Oduya |
    Okonjo | Olafsen | Orlov | Pallister | Pereira | Petrossian | Pham | Popescu | Quaye | Quintero |
    Rasmus | Renner | Rinaldi | Rojas | Rosvall | Saarinen | Salcedo | Sandoval | Sarkis | Sefton |
    Shaheen | Sorensen | Stavros | Szabo | Takeda | Tembo | Thackeray | Toller | Tran | Ulrich | Vance |
    Varga | Vasquez | Verhoeven | Vukic | Wachira | Weller | Winther | Yamada | Yilmaz | Zapata |
    Zielinski
""")

_STEM = listed("""
    Alder | Amber | Arden | Ash | Bay | Birch | Black | Bram | Bright | Cedar | Clear | Coral | Cross |
    Crown | Dale | Dawn | Elm | Ember | Fair | Fen | Fern | Flint | Ford | Glen | Gold | Grand | Green |
    Hale | Harbour | Haven | Hazel | Heath | High | Holm | Iron | Juniper | Kestrel | Lake | Larch |
    Lark | Linden | Long | Marl | Mead | Mill | Moor | North | Oak | Orchard | Pine | Quarry | Quill |
    Raven | Red | Ridge | River | Rowan | Sable | Salt | Shore | Silver | South | Spruce | Stone | Storm
    | Summer | Swift | Tall | Thorn | Tide | Vale | West | White | Wild | Willow | Wind | Winter | Wren
    | Yarrow
""")

_TAIL = listed("""
    bridge | brook | bury | cliff | combe | croft | cross | den | dene | fell | field | ford | gate |
    grove | ham | haven | hill | holme | hurst | land | leigh | mere | mond | moor | mouth | pass |
    point | port | ridge | shaw | stead | stoke | ton | vale | view | wall | water | well | wick | wood
    | worth | yard
""")

WORDS: Rules = {
    "first": _FIRST,
    "last": _LAST,
    "person": ["{first} {last}", "{first} {last}", "{first} {initial}. {last}"],
    "initial": list("ABCDEFGHIJKLMNOPRSTVWZ"),
    "stem": _STEM,
    "tail": _TAIL,
    "town": [
        "{stem}{tail}",
        "{stem}{tail}",
        "{last}{tail}",
        "{stem}{tail}-on-{stem}",
        "Port {last}",
        "Saint {first}",
    ],
    "street": ["{1..240} {stem} {way}", "{1..90} {last} {way}", "{stem}{tail} {way} {1..160}"],
    "way": ["Street", "Road", "Lane", "Avenue", "Close", "Square", "Quay", "Hill"],
    "company": [
        "{stem}{tail} {trade}",
        "{last} & {last}",
        "{last} {trade}",
        "{stem} {stem} {trade}",
        "{stem}line",
        "{last}works",
        "{town} {trade}",
    ],
    "trade": listed("""
        Logistics | Foods | Software | Mutual | Partners | Motors | Textiles | Optics | Dental | Energy
        | Interiors | Outdoor | Farms | Freight | Media | Labs | Studio | Clinic | Insurance | Tools |
        Ceramics | Press | Robotics | Travel | Cycles | Bakery | Security | Analytics | Packaging |
        Instruments
    """),
    "weekday": ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"],
    "month": listed("""
        January | February | March | April | May | June | July | August | September | October | November
        | December
    """),
    "day": ["{1..28}"],
    "year": ["{2014..2026}"],
    "date": ["{day} {month}", "{day} {month} {year}", "{weekday} {day} {month}", "{month} {day}"],
    "isodate": ["2026-0{1..9}-{10..28}", "2025-1{0..2}-{10..28}"],
    "clock": ["{1..12}:{10..59} {halfday}", "{0..23}:{10..59}", "{1..12} {halfday}"],
    "halfday": ["am", "pm"],
    "money": ["{3..99}.{10..99}", "{100..999}", "{1..9},{100..999}", "{10..480},000", "{12..96}.50"],
    "currency": ["EUR", "USD", "GBP", "crowns"],
    "amount": ["{currency} {money}", "{money} {currency}"],
    "percent": ["{2..98}%", "{1..19}.{1..9}%", "{2..60} per cent"],
    "span": [
        "{2..30} days",
        "{2..18} months",
        "{2..12} weeks",
        "{2..9} years",
        "{10..90} minutes",
        "{2..20} hours",
    ],
    "code": ["{initial}{initial}-{1000..9999}", "{initial}{10000..99999}", "{100..999}-{1000..9999}"],
    "colour": listed("""
        red | navy | green | ivory | black | grey | teal | mustard | coral | burgundy | sand | violet |
        copper | white | olive
    """),
    "mood": listed("""
        calm | tense | hopeful | tired | curious | angry | relieved | doubtful | proud | bored | wary |
        cheerful | shaken
    """),
}
