"""Requests as a language model words them when it is told never to repeat itself."""

from __future__ import annotations

from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed

WORDINGS = Grammar({
    "why": listed("""
        {lately} I {met} {thing}{tail}. | {who} {brought} {thing} {where}. | {thing} {keeps} {feel} me. |
        {lately} {who} asked about {thing}. | my {plan} {depends} {thing}. | {who} and I disagree on
        {thing}. | {where}, {thing} came up again.
    """),
    "want": listed("""
        {could} {explain} {aspect} {thing}{tail}? | {explain} {aspect} {thing}{tail}. | {please} {explain}
        {aspect} {thing}, {manner}. | what {would} {judge} know about {aspect} {thing}{tail}? | I {wish} to
        {doing}, {manner}. | how {would} {judge} {doing}{tail}? | is there {way} to {doing} {limit}? |
        {manner}, {explain} how to {doing}. | {please} {weigh} {thing} against {other}{tail}. | between
        {thing} and {other}, which {would} {judge} favour {limit}? | {could} {weigh} {thing} with {other},
        {manner}? | what {goes} {limit} when people {doing}?
    """),
    "more": listed("""
        {trouble}, so {adapt}. | {please} {adapt}. | {adapt}, {manner}. | {limit}, if it matters. | do
        {adapt_to} {judge}. | {other} is {known} to me already. | {adapt}; {trouble}.
    """),
    "lately": listed("""
        this morning | over the weekend | for some weeks now | yesterday | not long ago | since the summer
        | on Tuesday | a while back | again and again | once more
    """),
    "met": listed("""
        ran into | stumbled over | was reading about | had to deal with | heard of | got curious about |
        lost an hour to | made notes on | tried to grasp
    """),
    "who": listed("""
        a friend | somebody at work | my aunt | the person next door | our lecturer | one of the trainees |
        an old schoolmate | the committee | a reader | our landlord
    """),
    "brought": listed("""
        mentioned | was praising | complained about | would not stop discussing | raised | misquoted |
        dismissed | swore by
    """),
    "where": listed("""
        over dinner | on the train | in a seminar | at the checkout | in a long mail | during the break |
        in the comments | on a call | at the allotment
    """),
    "keeps": listed("still | somehow | frankly | always | honestly | lately | quietly"),
    "feel": listed("puzzles | intrigues | worries | escapes | amuses | overwhelms | bothers"),
    "plan": listed("""
        project | thesis | budget | next step | evening class | column | reading group | weekend
    """),
    "depends": listed("""
        hinges on | starts with | may fail over | has a lot to do with | touches | leaves out
    """),
    "could": listed("""
        could you | would you mind trying to | can you | are you able to | might you | may I ask you to |
        is it possible to | would you
    """),
    "explain": listed("""
        unpack | lay out | sketch | go over | shed light on | describe | spell out | make sense of | take
        apart | clarify | summarise | trace | illustrate
    """),
    "aspect": listed("""
        the workings of | the limits of | what people miss about | the case for | the trouble with | the
        origins of | the everyday side of | the cost of | the logic behind | the parts of | common doubts
        about | the craft of
    """),
    "tail": listed("""
        , roughly speaking |, start to finish |, as it stands today |, warts and all |, with an eye on
        {other} |, given that {trouble} |, beyond the obvious |, for once without slogans |, in your own
        order
    """),
    "manner": listed("""
        plainly | in a few strokes | with a small example | without rushing | the way a patient teacher
        does | in everyday terms | with figures where they exist | as a letter | like a field guide |
        honestly | at a steady pace
    """),
    "would": listed("should | would | might | could | ought"),
    "judge": listed("""
        a careful buyer | someone new to it | a sceptic | a practitioner | an impatient reader | a cautious
        beginner | people in a hurry | a good mentor | the average household
    """),
    "wish": listed("hope | intend | would love | am about | need | am determined | have promised | want"),
    "way": listed("""
        a sane way | a tidy method | a shortcut | a tried path | any trick | a respectable route | a gentle
        way
    """),
    "limit": listed("""
        on a weekday | within a month | without spending much | with little space | if time is short |
        under pressure | in small steps | when nobody helps | at a modest scale
    """),
    "please": listed("kindly | please | if you can, | for my benefit, | one favour: | do | next,"),
    "weigh": listed("weigh | set | hold up | measure | contrast | line up | balance"),
    "goes": listed("tends to slip | breaks first | surprises most | gets forgotten | turns out differently"),
    "adapt": listed("""
        keep it grounded | aim for depth over breadth | stay close to practice | point out the traps | skip
        what is obvious | mention one exception | give reasons, not rules | leave room for doubt | end on a
        next step | name your assumptions
    """),
    "adapt_to": listed("write it for | pitch it at | tailor it to | keep in mind"),
    "known": listed("familiar | clear enough | old news | no mystery | known"),
})  # fmt: skip
REWORDED = (
    ("want",),
    ("why", "want"),
    ("want", "more"),
    ("why", "want", "more"),
    ("more", "want"),
    ("want", "why"),
)
