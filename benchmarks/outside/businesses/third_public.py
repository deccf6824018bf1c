"""What people ask in public life: fashions, libraries of prompts, storms, volunteers, aids, games, open source."""

from __future__ import annotations

from benchmarks.outside.businesses import prose
from benchmarks.outside.businesses.grammar import Grammar, between, pick
from benchmarks.outside.businesses.lexicon import WORDS
from benchmarks.outside.businesses.third_people import Ask, Task, once, talked
from benchmarks.outside.draws import Draws
from benchmarks.outside.town import Town
from benchmarks.outside.words import answers, coding
from benchmarks.outside.words.listing import listed
from benchmarks.outside.words.subjects import DAILY, SUBJECTS

PLAIN = Grammar(WORDS)
VIRAL = (
    "Act as my brutally honest life auditor. I will tell you about my week. Do not comfort me. First list every excuse you "
    "hear, then reason step by step about what I am really avoiding, then give me three rules for next week and one thing "
    "to quit today. Here is my week: {week}"
)
WEEK = Grammar(WORDS, {
    "week": ["{bit} {bit} {bit}", "{bit} {bit}", "{bit} {bit} {bit} {bit} {bit}"],
    "bit": listed("""
        Worked {6..14} hours a day and {mood} on {weekday}. | Told {first} I would call, did not. | Ran once, {2..12} km. |
        Spent {amount} on {thing}. | Slept {4..7} hours. | {weekday}: {thing} until {clock}. | The {thing} is still not done. |
        Argued with {first} about {thing}. | Started a course on {thing} and stopped after {span}. | Ate out {2..9} times. |
        My boss wants {thing} by {weekday}. | I scrolled till {clock}. | Said yes to {person} again.
    """),
    "thing": listed("""
        the tax return | a side project | my thesis | the guitar | wedding lists | a used bike | cleaning the cellar | the gym
        contract | my portfolio | the driving test | a novel | the allotment | job applications
    """),
})  # fmt: skip


def life_auditor(town: Town, draws: Draws, n: int) -> Task:
    """A prompt that a clip made famous, copied whole, with each person's own week after it."""
    dice = draws.dice
    changed = [
        VIRAL
        if dice.random() < 0.8
        else VIRAL.replace("life auditor", pick(dice, ("money auditor", "dating auditor", "career auditor")))
        for _ in range(n)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        text = changed[i].format(week=WEEK.start(dice, "week"))
        turns = [(text, answers.reply(dice, text, sentences=8.0))]
        while dice.random() < 0.5 and len(turns) < 6:
            more = (
                WEEK.start(dice, "bit")
                if dice.random() < 0.5
                else pick(
                    dice,
                    (
                        "ouch",
                        "harsher",
                        "that's not fair",
                        "ok what do I quit",
                        "and if I can't?",
                        "do my partner next",
                    ),
                )
            )
            turns.append((more, answers.reply(dice, text)))
        return talked(turns)

    return task


LIBRARY = listed("""
    I want you to act as a debate coach. My motion is "{t} does more harm than good". Give me the strongest case on each
    side and the weak spot of mine. | I want you to act as an interviewer for the position of {role}. Ask me one question
    at a time and wait for my answer. | I want you to act as a plain-language editor. Replace hard words, keep the meaning,
    explain nothing. My first text: {p} | I want you to act as a statistician who explains. I have data on {t} for {3..30}
    groups. Which test, and why not the others? | I want you to act as a storyteller. Theme: {t}. Audience: {who}. | I want
    you to act as a mind reader of requirements. Ask me ten questions before you answer: {d}. | I want you to act as a
    Socratic tutor on {t}. Never give the answer; show me the reasoning by questions. | I want you to act as a travel guide
    who hates crowds. I am in {town} for {span}. | I want you to act as a chef with only {2..6} ingredients. Tonight: something warm for {2..8}, ready by {clock}. |
    I want you to act as a terminal. I type, you reply with the output only. My first command is {cmd} | I want you to act
    as a chain of experts: each writes one step of thinking about "{d}", passes it on, and leaves when wrong.
""")


def prompt_library(town: Town, draws: Draws, n: int) -> Task:
    """People who take their prompts from the same public list and fill in the blanks."""
    dice = draws.dice
    favourite = [dice.sample(LIBRARY, between(dice, 1, 4)) for _ in range(n)]
    subjects = [SUBJECTS[pick(dice, DAILY)] for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        s = subjects[i]
        given = {
            "t": pick(dice, s.things),
            "d": pick(dice, s.doing),
            "role": pick(
                dice,
                ("warehouse lead", "junior data analyst", "nurse", "barista", "product manager", "caretaker"),
            ),
            "p": prose.speak(dice, "{sentence*1..3}"),
            "who": pick(dice, ("children", "sceptics", "my choir", "new colleagues")),
            "cmd": pick(dice, ("pwd", "ls -la", "whoami", "df -h")),
        }
        text = PLAIN.say(dice, pick(dice, favourite[i]), **given)
        turns = [(text, answers.reply(dice, text))]
        while dice.random() < 0.55 and len(turns) < 8:
            more = (
                prose.speak(dice, "{sentence}")
                if dice.random() < 0.6
                else pick(dice, ("next", "go on", "again, but shorter", "hint please", "stop the role play"))
            )
            turns.append((more, answers.reply(dice, more, sentences=3.0)))
        return talked(turns)

    return task


STORM = Grammar(WORDS, {
    "ask": listed("""
        will storm {name} hit {town} | storm {name}: is it safe to drive to {town} on {weekday}? | how do i secure {loose} before
        a storm | power out since {clock}, how long does {food} keep | what does {level} warning mean | My {home} lost {part} in
        storm {name}. What do I write to the insurer, and which photos do they need? | does {policy} cover {part} after a storm
        | school in {town} closed tomorrow?? | can my boss make me come in during a {level} warning | water in the cellar,
        {2..40} cm, first steps please | letter to my landlord: {part} came down on {weekday}, {amount} damage | is it normal
        that {loose} hums in the wind lol | Explain to a {4..11} year old why storm {name} has a name | flight to {town} cancelled
        because of {name}, refund or hotel? | how to help an old neighbour when the power is out
    """),
    "loose": listed("a trampoline | roof tiles | a greenhouse | bins | a boat on a trailer | solar panels | a gazebo"),
    "food": listed("milk | frozen chicken | insulin | baby formula | leftovers"),
    "level": listed("an amber | a red | a yellow | a level 3"),
    "home": listed("house | flat | caravan | shop | allotment hut"),
    "part": listed("the fence | six tiles | a window | the chimney | the carport | the awning"),
    "policy": listed("building insurance | contents insurance | my car policy | tenant insurance"),
})  # fmt: skip


def storm(town: Town, draws: Draws, n: int) -> Task:
    """A storm with a name: thousands of private people ask nearly the same within three days."""
    dice = draws.dice
    name = PLAIN.say(dice, "{first}")

    def task(_i: int, _at: float) -> list[Ask]:
        text = STORM.start(dice, "ask", name=name)
        turns = [(text, answers.reply(dice, text, sentences=4.0))]
        if dice.random() < 0.35:
            text = STORM.start(dice, "ask", name=name)
            turns.append((text, answers.reply(dice, text, sentences=4.0)))
        return talked(turns)

    return task


LOGBOOK = (
    "You help volunteers of the Tidewatch project. The text was read by a scanner from a harbour master's weather book. "
    "Return one line per entry: date; time; wind (Beaufort 0-12); pressure (hPa); sea; remark. Write ? for what cannot be "
    "read. Do not guess. Explain doubtful readings after a # on the same line."
)
ENTRY = Grammar(WORDS, {
    "entry": listed("""
        {day} {month} {clock} wd {dir} {0..9} bar {28..30}.{10..99} sea {sea} {ship} | {day}th {dir} fresh, gl{blot}ss {28..30}.{10..99},
        {sea}, {ship} | do. {clock} {dir} {dir} {0..11} squ{blot}lls {sea} | {month} {day} calm {28..30}.{1..9} fog til {clock} {ship}
    """),
    "dir": listed("N | NE | ENE | SW | SSW | W | WNW | S.E. | E by S"),
    "sea": listed("smooth | slt swell | confd | heavy | mod. | ro{blot}gh"),
    "ship": listed("brig {first} in | {last}'s smack lost a sail | nil | light out {span} | pilot to {town} | 2 barques o{blot}tw{blot}rd"),
    "blot": listed("* | ? | _ | # | a | u"),
})  # fmt: skip


def logbooks(town: Town, draws: Draws, n: int) -> Task:
    """Volunteers of a science project run its script on scanned pages of weather books, with free keys."""
    dice = draws.dice

    def task(_i: int, _at: float) -> list[Ask]:
        lines = [ENTRY.start(dice, "entry") for _ in range(between(dice, 3, 9))]
        output = "\n".join(
            PLAIN.say(dice, "{isodate}; {clock}; {0..11}; {960..1040}; ?; -") for _ in lines[:4]
        )
        return once("\n".join(lines), output, LOGBOOK)

    return task


EASY = (
    "Rewrite the web page text for a reader with a cognitive disability. Short sentences, one idea each, common words, "
    "explain every foreign word in brackets, keep headings. Never leave out prices, dates or warnings."
)
DESCRIBE = "Describe what this part of a page is for, in one sentence for a screen reader. Element: {e}. Text around it: {c}"


def reading_aid(town: Town, draws: Draws, n: int) -> Task:
    """A browser aid with two fixed prompts over whatever page its users read, on their own keys."""
    dice = draws.dice
    fields = [dice.sample(prose.ALL_FIELDS, 4) for _ in range(n)]

    def task(i: int, _at: float) -> list[Ask]:
        f = (pick(dice, fields[i]),)
        if dice.random() < 0.45:
            element = pick(dice, ("button", "image without alt", "icon link", "menu", "chart", "slider"))
            text = DESCRIBE.format(e=element, c=prose.speak(dice, "{sentence*1..2}", f))
            return once(text, answers.reply(dice, text, sentences=1.0))
        text = f"{prose.title(dice, f)}\n\n{prose.speak(dice, '{sentence*3..7}', f)}"
        return once(text, answers.reply(dice, text, sentences=6.0), EASY)

    return task


MASTER = (
    "You are the narrator of a tabletop game in the world of {w}. Rules of the community build 4: describe in at most 90 words, "
    "roll when asked and show the sum, never act for a player, keep a list of wounds and coins at the end. House rule: {h}"
)
PLAY = Grammar(WORDS, {
    "act": listed("""
        I {deed} the {foe} with my {tool}. | we search the {spot} for {loot} | {first} {deed}s the {foe}, rolled a {1..20} | roll
        perception for {first} | What does the {foe} say when I offer {2..90} coins? | I lie: {claim} | we rest {2..8} hours at the
        {spot} | name and habits of the {foe} please, in character | map of the {spot} as text | [ooc] {first} is away, let him
        follow us | can my {tool} reach the {foe}?
    """),
    "deed": listed("parry | charm | shove | follow | blind | bribe | tickle | shoot"),
    "foe": listed("toll keeper | moss golem | smuggler queen | two-headed heron | drunk abbot | clockwork hound | tax wraith"),
    "tool": listed("boat hook | second-best lute | lantern of {last} | net | borrowed shield | cheese knife | umbrella"),
    "spot": listed("salt mine | drowned chapel | night market | upper gallery | mill | ferry house"),
    "loot": listed("a ledger | tracks | hidden doors | anything edible | the missing {tool}"),
    "claim": listed("we are inspectors | my uncle is {person} | the bridge is closed | she sold it to me"),
    "world": listed("Saltmere | the Nine Ferries | Underloft | Cinder Vale | the Paper Court"),
    "house": listed("criticals heal a friend | magic costs a memory | dead players stay as ghosts | no dice on {weekday}s | doors always lie"),
})  # fmt: skip


def game_tables(town: Town, draws: Draws, n: int) -> Task:
    """Tables of one game community: its bot, its system prompt, on the keys of whoever hosts."""
    dice = draws.dice
    systems = [
        PLAIN.say(dice, MASTER, w=PLAY.start(dice, "world"), h=PLAY.start(dice, "house")) for _ in range(n)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        turns = [
            (act := PLAY.start(dice, "act"), answers.reply(dice, act, sentences=4.0))
            for _ in range(between(dice, 3, 9))
        ]
        return talked(turns, systems[i])

    return task


TRIAGE = (
    "You are the triage bot of {repo}. For the pull request: one line what it does, risk (low, medium, high) with the reason, "
    "labels out of {labels}, reviewers' checklist of at most five points. If tests are missing, suggest one. Do not praise."
)
PULLS = Grammar(WORDS, {
    "title": listed("fix: {what} | {what} (#{100..4000}) | feat: {what} | docs: {what} | chore(deps): bump {lib} to {1..9}.{0..30} | [WIP] {what}"),
    "what": listed("""
        handle empty {noun} | retry {noun} on timeout | typo in {noun} guide | drop support for old {noun} format | speed up
        {noun} parsing | leak when {noun} is closed twice | translate {noun} page | add --{noun} flag
    """),
    "noun": listed("config | archive | session | index | header | locale | plugin | cursor | stream | theme"),
    "lib": listed("libzap | quayside | hexlint | minitz | formtree | pollux"),
})  # fmt: skip


def triage_bots(town: Town, draws: Draws, n: int) -> Task:
    """Maintainers of free software who run the same action on each pull request of their projects."""
    dice = draws.dice
    labels = ("bug, docs, perf, api, deps", "bug, feature, breaking, tests", "needs-info, ready, risky, easy")
    systems = [
        TRIAGE.format(repo=PLAIN.say(dice, "{stem}{tail}/{initial}{tail}").lower(), labels=pick(dice, labels))
        for _ in range(n)
    ]

    def task(i: int, _at: float) -> list[Ask]:
        diff = "\n".join(
            "+" + line for line in coding.snippet(dice, pick(dice, ("python", "typescript"))).splitlines()
        )
        text = f"Title: {PULLS.start(dice, 'title')}\nFiles: {coding.path(dice)}, {coding.path(dice)}\nDiff:\n{diff}"
        return once(text, answers.reply(dice, text, sentences=4.0), systems[i])

    return task
