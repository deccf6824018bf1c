"""How people ask in English: many wordings, from three words to a paragraph with its background."""

from __future__ import annotations

from benchmarks.outside.words.grammar import Grammar
from benchmarks.outside.words.listing import listed

# Each person keeps a handful of these and rarely uses the others.
QUESTIONS = listed("""
    how do I {doing} | what is {thing} | {thing} | how to {doing}? | can you explain {thing} {audience}? |
    What's the best way to {doing}? | help me {doing}, {trouble} | I need to {doing} but {trouble}. Any
    ideas? | Explain {thing} like I'm {age} | difference between {thing} and {other}? | Is {thing} better
    than {other}? | give me {number} tips to {doing} | why does everyone talk about {thing} | tell me about
    {thing} | {trouble}, how can I {doing} | Quick question about {thing}: {ask_more} | what should I know
    before I {doing} | Write a short guide on how to {doing}. | I'm trying to {doing}. {trouble_s}. What
    would you do? | {thing} vs {other}, pros and cons | pls explain {thing} | Can you walk me through how
    to {doing} step by step? | what are common mistakes with {thing} | make a checklist to {doing} | how
    long does it take to {doing} | I read that {thing} matters for {other}. Is that true? | {doing} — where
    do I even start? | is it ok to {doing} if {trouble} | My {relative} asked me about {thing} and I had no
    answer. {ask_more} | Make a table comparing {thing} and {other}. | Draft {a_text} about {thing}. {tone}
    | {tone} Draft {a_text}: we want to {doing}. | ideas for {thing}? {trouble} | Summarise what matters
    about {thing} in {number} bullet points | what would an expert say about {thing}? | Could you check
    whether my understanding of {thing} is right? {belief} | {number} questions to ask about {thing} | I've
    been thinking about {thing} lately. {background} {ask_more} | {background} How would you {doing}? |
    {background} {trouble_s}. Should I {doing} or leave it? | let's talk about {thing}. {ask_more} | Why is
    {thing} so hard? | What happens if you {doing} the wrong way? | recommend something for {thing},
    {trouble} | cheap way to {doing}?? | {number} examples of {thing} please | Teach me {thing} from
    scratch, {audience}. | how much does {thing} cost normally | who invented {thing} | When did people
    start to {doing}? | does {thing} have anything to do with {other}?
""")

_RULES: dict[str, tuple[str, ...]] = {
    "audience": listed("""
        in simple words | for a beginner | in one paragraph | with an example | for a colleague who has
        never seen it | without jargon | in more depth than usual | for someone who knows {other} | to a
        ten year old | with numbers
    """),
    "age": listed("five | ten | twelve | a beginner | your grandmother | a new hire | in a hurry"),
    "number": listed("3 | three | 5 | five | seven | 10 | ten | four | a few | two"),
    "relative": listed(
        "sister | father | neighbour | boss | flatmate | daughter | coach | colleague | cousin | client | partner"
    ),
    "a_text": listed("""
        an email | a short post | a polite message | a one-page memo | an announcement | a LinkedIn post |
        a speech of two minutes | a letter | a reply to a complaint | a summary | an outline | a poem | an
        FAQ
    """),
    "tone": listed("""
        Keep it friendly. | Formal please. | Not too long. | Make it sound like me, not like a brochure. |
        Under 150 words. | Use plain English. | A bit of humour is fine. | No bullet points. | British
        spelling. | Be direct.
    """),
    "ask_more": listed("""
        where do I start? | is it worth it? | what am I missing? | what would you pick? | how does it work?
        | what are the risks? | what do people get wrong? | can you give an example? | does it depend on
        the country? | what changed recently? | is there a rule of thumb?
    """),
    "belief": listed("""
        I think it mostly comes down to {other}. | As far as I know it has nothing to do with {other}. |
        I was told you always have to {doing}. | My notes say it comes before {other}. |
        I believe the main point is that {trouble}."""),
    "background": listed("""
        We bought the place two years ago and never looked at {thing}. | I started last {season} and got
        stuck with {thing}. | My {relative} swears by {thing}, I prefer {other}. | Some context: {trouble},
        and the last time it ended badly. | I have about {number} hours a week for this. | I tried {other}
        already and it didn't work for me. | There are {number} of us and everybody has another opinion on
        {thing}. | So, {trouble}. | Long story short: {thing} failed again. | I'm new to this and
        {trouble}.
    """),
    "season": listed("spring | summer | autumn | winter | month | year | January | week"),
}
ENGLISH = Grammar(_RULES)

FOLLOW_UPS = listed("""
    can you give an example? | and if {trouble}? | shorter please | what about {thing}? | ok but why? | I
    don't understand the second point | Make it more formal. | now do the same for {thing} | that didn't
    work | are you sure? | thanks! one more thing: how do I {doing}? | expand on the last part | Could you
    put that in a table? | what would you choose? | hmm, I was thinking more of {thing} | Rewrite it with
    less enthusiasm. | how does that compare with {other}? | and the cost? | give me another option | what
    if I skip that step? | Do you have sources for this? | explain the first step again, {audience} | Let's
    say {trouble}. Does it change anything? | translate that into {tongue} | that's too long | can I
    {doing} at the same time? | great. now write it as {a_text}
""")
SHORT = listed("""
    thanks | continue | ok | yes | yes please | no | go on | perfect | thank you! | next | more | why? |
    great, thanks | again | got it | cool | sure | both | the first one | the second one
""")
TONGUES = listed(
    "Spanish | French | German | Portuguese | Italian | Polish | Turkish | Dutch | Japanese | Hindi"
)
OPENINGS = listed("""
    Hi, | Hello! | hey | Hey there, | Good morning. | Hi :) | Please help. | Quick one: | Dear assistant, |
    ok so | So | Hello, | Sorry for the basic question. | Second try: | btw
""")
CLOSINGS = listed("""
    Thanks! | thanks in advance | Thank you. | cheers | pls | Please be brief. | No need for a long answer.
    | Appreciate it! | :) | Any help is welcome. | Please keep it simple. | tia
""")
