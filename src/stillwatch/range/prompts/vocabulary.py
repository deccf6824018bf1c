"""The word lists of the built-in prompt grammar; every entry is invented and at most four tokens long.

Short entries keep six-token shingles from sitting inside one entry, so that two accounts that never met share
almost no shingle, as in real traffic.
"""

from __future__ import annotations


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split("|"))


_OPENINGS = _split(
    "|hi, |hello there, |quick one: |please |ok so |hey |Can you |Could you |I need to |help me |I'd like to |"
    "good morning, |so, |we want to |my boss wants to |trying to |how do I |what's the best way to |"
    "is it possible to |thinking about how to |again: |new topic, |not sure how to |one more: |team needs to |"
    "any idea how to |I have to |asking for a friend: |back again, "
)
OPENERS = tuple(f"{opening} " if opening else "" for opening in _OPENINGS)
VERBS = _split(
    "plan|rewrite|compare|fix|summarise|design|translate|review|price|repair|explain|shorten|organise|debug|"
    "describe|schedule|simplify|outline|check|estimate|draft|improve|choose|rename|decorate|automate|test|"
    "document|sort|present|reply about|budget for|clean up|set up|get rid of|measure|advertise|photograph|"
    "redo|inspect|replace|name|move|finish|understand|restore|record|index|migrate|pack"
)
ADJECTIVES = _split(
    "old|tiny|noisy|blue|quarterly|cheap|broken|half-finished|vegan|outdoor|handmade|second-hand|urgent|shared|"
    "wooden|digital|Italian-style|messy|rainy-day|weekly|secret|antique|portable|slow|overdue|surprise|family|"
    "first|oversized|draft|recycled|seasonal|awkward|confusing|three-page|multi-language|steep|borrowed|"
    "minimalist|bilingual|low-cost|last-minute|rusty|annual|retro|unlabelled|fragile|colourful|internal|rural"
)
SUBJECTS = _split(
    "garden shed|sales report|wedding speech|bicycle brake|lesson on fractions|cover letter|balcony herbs|"
    "sourdough starter|database index|rental contract|hiking route|piano piece|pivot table|newsletter|"
    "birthday cake|bash script|tax form|logo sketch|fish tank|board game|short story|train itinerary|kitchen tap|"
    "job interview|CSV export|knitting pattern|crime novel|spelling list|marathon plan|podcast intro|"
    "museum visit|sleep routine|web form|regex|coffee grinder|beehive|lease renewal|poem|chess opening|"
    "insurance claim|product photo|school play|budget sheet|dog training plan|photo archive|unit test|"
    "solar panel|reading club|packing list|meeting agenda|invoice|apology note|choir rehearsal|robot kit|"
    "compost heap|telescope|stamp collection|exam timetable|phone contract|village fair|bug report|"
    "mortgage letter|star map|guitar riff|docker image|allotment|playlist|curtain rail|recipe card|"
    "swimming course|physics homework|press release|moving checklist|camping stove|thesis chapter|"
    "customer survey|greenhouse|pottery wheel|changelog|toast for grandma|running shoe|spice rack|API client|"
    "bookshelf|charity auction|car boot sale|spreadsheet macro|language exchange|nature diary|shop window|"
    "grant proposal|radio play|hedge|bird feeder|stage light|jigsaw|water bill|quiz night|home network"
)
CONTEXTS = _split(
    "for my sister|before Friday|with two children|in a small flat|for the new office|on a tight budget|"
    "without any tools|for forty guests|after the storm|while travelling|for beginners|by next month|"
    "with my left hand|at the lake house|for a Tuesday class|under the stairs|in plain words|for my neighbour|"
    "with leftover paint|using only Python|in the winter|for a night shift|from scratch|with no signal|"
    "for the allotment group|near the harbour|in ten minutes|for our landlord|on an old laptop|"
    "with French labels|as a gift|during the holidays|for an audit|in the attic|for the ward nurses|"
    "between two meetings|with a stubborn cat|on the third floor|for a jury|at half price|for the archive|"
    "in metric units|with borrowed chairs|for shy speakers|on a ferry|next to school|over the phone|"
    "for the coach|behind the garage|with my accountant"
)
PROBLEMS = _split(
    "it keeps failing|nobody answered yet|the colours clash|I lost the notes|the deadline moved|"
    "it smells odd|costs went up|my draft is dull|two parts are missing|it looks crooked|the maths is off|"
    "we disagree on it|it takes too long|the printer jams|everyone is tired|the title is wrong|"
    "I tried twice|the manual is gone|it leaks a bit|the order matters|permission was refused|"
    "page five is blank|the tone is stiff|it froze again|my version differs|the guests changed|"
    "half is in Dutch|the file is huge|it rains in|one screw is loose|the list is stale|it was free|"
    "batteries ran out|the joke fell flat|I only have eggs|the wifi drops|parking is scarce|"
    "the client is picky|it scared the dog|results look random"
)
ASKS = _split(
    "|what would you do?|keep it short.|give me three options.|step by step please.|any risks?|why is that?|"
    "no jargon please.|show an example.|in a table.|which comes first?|roughly how long?|be honest.|"
    "what am I missing?|ideas?|one paragraph is fine.|is that normal?|make it funny.|where do I start?|"
    "who should I ask?|thanks!|thank you so much|as a list.|with numbers please.|cheers|does that work?|"
    "what does it cost?|explain like I'm ten.|no preamble.|any alternatives?"
)
NAMES = _split(
    "Amara|Bodil|Ciro|Dunja|Edda|Fenno|Gale|Hedy|Ilmar|Joss|Kirra|Lunet|Marek|Nilo|Oriel|Perla|Quill|Runa|"
    "Sorrel|Tavi|Ulla|Vesna|Wim|Xanthe|Yorick|Zola|Anselm|Brisa|Cato|Delphi|Emrys|Faye|Goran|Hollis|Isra|"
    "Juno|Kasper|Liv|Mika|Noor"
)
PLACES = _split(
    "Farrowby|Kelm|Ostrava Street|Lindow|Marrick|Pell Bay|Quenby|Redmoor|Saltash Road|Thornwick|Ulverdale|"
    "Vantry|Westerhope|Yarrowgate|Zennor Hill|Ashgrove|Bramley|Corvale|Dunmere|Elsing|Fenwick|Garth End|"
    "Harrowell|Inverlee|Jura Lane|Kingsmere|Lowick|Mossley|Northam|Ockley"
)
THINGS = _split(
    "crates|tickets|tiles|lanterns|barrels|seedlings|magnets|ropes|parcels|notebooks|valves|stamps|marbles|"
    "planks|ribbons|bolts|jars|sensors|posters|coins|batteries|candles|bricks|maps|shells|spools|pumps|"
    "panels|kites|wheels|mirrors|flasks|cables|hinges|brushes|lenses|gears|baskets|bells|anchors"
)
RATES = _split(
    "every hour|each morning|per shift|twice a week|every second day|per trip|each quarter|per worker|"
    "each lap|every ten minutes|per batch|each season|per crate|every full moon|per tank|each round|"
    "per delivery|every night|each visit|per metre"
)
GOALS = _split(
    "how many remain|when will they meet|what is the total|which plan is cheaper|how long does it last|"
    "what is the average|who finishes first|how large is the gap|is the claim true|what is the ratio|"
    "what changes if it doubles|which step is wrong|what is the worst case|how likely is it|"
    "what must be measured next|which assumption fails|what is the smallest number|how should it be split"
)
TWISTS = _split(
    "but one fifth break|after a two day delay|if the price halves|while one pump leaks|"
    "unless the bridge closes|with a late start|when half are returned|if nobody works Sunday|"
    "after the third week|with one spare part|if the order is reversed|while demand grows|"
    "with a hidden fee|once the road reopens|if two are defective|under a strict cap|"
    "after a partial refund|with unequal shares|if the clock is slow|when the wind turns"
)
CODE_NOUNS = _split(
    "parser|cache|router|job queue|login page|date picker|CSV loader|retry loop|test fixture|migration|"
    "config reader|websocket|thread pool|image resizer|search box|CLI flag|logger|rate limiter|sitemap|"
    "payment hook|sort routine|tree view|build step|lexer|session store|health check|mail sender|"
    "feature flag|diff viewer|state machine"
)
CODE_ASKS = _split(
    "raises KeyError|times out|leaks memory|returns None|is too slow|breaks on Windows|fails in CI|"
    "ignores the locale|drops the last row|double counts|has no tests|needs type hints|should be async|"
    "hides an exception|uses a global|shadows a name|is off by one|never closes|blocks the loop|"
    "loses the timezone|rounds badly|is not idempotent|logs too much|races on start|needs a docstring"
)
ROWS = _split(
    "order arrived late|refund not visible|card was declined|address has changed|wrong size sent|"
    "invoice lacks VAT|parcel left outside|app logs me out|coupon was rejected|seat not reserved|"
    "double charge appeared|warranty question|item smells burnt|meter reading wrong|contract ended early|"
    "driver was rude|box arrived open|key does not fit|statement is missing|line is crackling|"
    "room was cold|code never came|colour differs|battery swells|screen flickers"
)
ANSWERS = _split(
    "Start with|You could try|A simple way is|First check|Consider|It helps to look at|I would begin with|"
    "The main point is|One option is|Most people begin with|Look again at|Let us take|Here is a draft for|"
    "In short, focus on|The usual cause is"
)
