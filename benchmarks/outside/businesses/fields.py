"""Fields of life, each with its own things, people, doings and troubles, of which prose is made."""

from __future__ import annotations

from benchmarks.outside.businesses.grammar import Rules
from benchmarks.outside.words.listing import listed


def _field(thing: str, who: str, doing: str, trouble: str) -> Rules:
    """Four lists, written with bars between their entries."""
    lists = {"thing": thing, "who": who, "doing": doing, "trouble": trouble}
    return {name: listed(text) for name, text in lists.items()}


FIELDS: dict[str, Rules] = {
    "kitchen": _field(
        "sourdough starter|lentil stew|pie crust|cast-iron pan|braised cabbage|almond cake|fish "
        "stock|pickled beets|rice cooker|pumpkin risotto|sharp knife|brown butter|flatbread|yoghurt "
        "dressing|chestnut soup|plum jam",
        "the neighbour|a line cook|my grandmother|the baker|a hungry child|the new chef|a food writer",
        "knead|simmer|salt|freeze|reheat|season|deglaze|roast|ferment|chop|whisk|serve",
        (
            "it splits|it tastes flat|the crust burns|it never rises|it sticks to the pan|it turns "
            "bitter|it is too wet"
        ),
    ),
    "garden": _field(
        "tomato bed|compost heap|pear espalier|rain barrel|box hedge|greenhouse|potting soil|rose "
        "cutting|wild meadow|bean trellis|lawn edge|garlic row|cold frame|bird bath|fig tree|raised bed",
        "an allotment holder|the head gardener|our landlord|a beekeeper|the nursery|my uncle",
        "prune|mulch|water|graft|thin out|sow|repot|harvest|dig over|shade|net",
        "the leaves curl|slugs eat it|it bolts early|the roots rot|frost got it|nothing flowers",
    ),
    "tenancy": _field(
        "deposit|lease|boiler|notice period|service charge|inventory|damp wall|sublet|parking bay|rent "
        "review|guarantor form|stairwell|smoke alarm|key fob|balcony repair|utility bill",
        "the landlord|a letting agent|my flatmate|the surveyor|the caretaker|the tribunal|a tenant upstairs",
        "terminate|renew|dispute|inspect|repair|withhold|register|transfer|reduce|document",
        "nobody answers|it was never returned|the clause is vague|they want to charge twice|mould came back",
    ),
    "clinic": _field(
        "blood pressure|wrist fracture|inhaler|referral letter|vaccination record|knee brace|night "
        "cough|thyroid panel|migraine diary|skin graft|physiotherapy plan|hearing test|iron "
        "level|wound dressing|sleep study|drip",
        "the ward nurse|a locum|the patient|a radiologist|the family|the pharmacist|a trainee doctor",
        "monitor|discharge|refer|prescribe|taper|explain|reassess|bandage|screen|book|chart",
        (
            "the dose was missed|it swells again|the result is late|the pain returns at night|the form "
            "is incomplete"
        ),
    ),
    "money": _field(
        "quarterly return|bond ladder|payroll run|index fund|mortgage rate|expense claim|cash "
        "flow|audit trail|exchange loss|invoice batch|pension pot|savings goal|dividend|tax "
        "allowance|credit note|budget line",
        "the accountant|our auditor|a junior analyst|the bank|the treasurer|an investor|my employer",
        "reconcile|forecast|deduct|hedge|depreciate|book|refinance|compare|allocate|settle",
        "the totals differ|the rate moved|it is taxed twice|a receipt is missing|the deadline passed",
    ),
    "shop": _field(
        "rain jacket|return label|gift voucher|size chart|loyalty card|stock count|window "
        "display|ceramic mug|till roll|delivery slot|trail shoe|desk lamp|wool blanket|travel "
        "kettle|price tag|wooden puzzle",
        "a customer|the store manager|the supplier|a new cashier|the courier|head office|a regular",
        "exchange|restock|discount|label|refund|wrap|recall|reorder|display|recommend",
        (
            "the colour is wrong|it arrived cracked|the size runs small|it is sold out|the zip broke "
            "after a week"
        ),
    ),
    "travel": _field(
        "night train|ferry ticket|mountain hut|visa form|coastal path|hostel dorm|rental "
        "car|layover|city pass|border crossing|packing list|hiking map|boat tour|old quarter|airport "
        "bus|travel insurance",
        "the guide|a solo traveller|my sister|the conductor|a couple from the north|the host|the embassy",
        "book|cancel|reach|cross|avoid|plan|extend|share|photograph|miss",
        "it is fully booked|the strike changed everything|our bags stayed behind|it closes in winter",
    ),
    "software": _field(
        "login form|message queue|search index|retry loop|date parser|build cache|feature flag|csv "
        "export|config file|test fixture|web socket|payment hook|image upload|cron job|database "
        "migration|memory leak",
        "the on-call engineer|a reviewer|our biggest customer|the intern|the platform team|a contributor",
        "refactor|deploy|profile|mock|roll back|cache|validate|paginate|log|upgrade|debounce",
        "it times out|the test is flaky|it works only locally|the index is ignored|memory keeps growing",
    ),
    "science": _field(
        "osmosis|projectile motion|titration curve|enzyme kinetics|the water cycle|a convex lens|plate "
        "tectonics|radioactive decay|photosynthesis|a parallel circuit|the periodic table|standing "
        "waves|natural selection|thermal expansion|covalent bonds|the nitrogen cycle",
        "our teacher|a lab partner|the textbook|the examiner|a year-ten pupil|the technician",
        "derive|measure|balance|sketch|predict|compare|explain|plot|estimate|demonstrate",
        (
            "the units cancel wrongly|my graph bends the other way|two sources disagree|the answer key "
            "says otherwise"
        ),
    ),
    "history": _field(
        "the salt tax|a guild charter|the river treaty|the harbour strike|a parish register|the grain "
        "riots|the first railway|a lost fresco|the border survey|the printing privilege|a siege "
        "diary|the land reform|a whaling log|the winter uprising|the coin reform|a monastery school",
        (
            "a chronicler|the archivist|the town council|a merchant|the governor|our seminar|a widow "
            "in the records"
        ),
        "date|interpret|transcribe|contextualise|question|translate|trace|compare|summarise",
        "the sources contradict each other|a page is missing|the date cannot be right|the motive is unclear",
    ),
    "sport": _field(
        "half marathon|offside rule|tennis serve|training plan|warm-up|relay team|goalkeeper "
        "drill|cycling climb|rest day|swim turn|league table|penalty shoot-out|rowing machine|foam "
        "roller|away match|club kit",
        "the coach|a beginner|our captain|the physio|the referee|a masters swimmer|the youth squad",
        "train for|analyse|win|recover from|coach|time|improve|warm up for|film|referee",
        "my knee hurts|the pace drops late|nobody turns up|it rained for a month|we lost on a technicality",
    ),
    "energy": _field(
        "heat pump|solar array|smart meter|grid tariff|insulation grant|wind permit|battery "
        "rack|district heating|peak load|gas boiler|balcony panel|feed-in contract|charging post|cable "
        "trench|energy audit|transformer",
        "the installer|the utility|the regulator|a homeowner|the site engineer|the council|an energy adviser",
        "install|size|meter|subsidise|inspect|connect|commission|balance|replace|bill",
        "the inverter trips|the permit is stuck|the bill doubled|it ices over|the grid is full",
    ),
    "road": _field(
        "winter tyre|brake pad|parking fine|cargo bike|bus timetable|clutch cable|driving "
        "test|roundabout|tow bar|delivery van|toll sticker|second-hand estate car|night bus|level "
        "crossing|tail light|bike lane",
        "the mechanic|an instructor|the driver|the depot|a cyclist|the insurer|the traffic office",
        "replace|contest|reroute|insure|charge|park|service|inspect|sell|register",
        "it squeals when cold|the line was cut|the claim was refused|it stalls uphill|the noise comes back",
    ),
    "stage": _field(
        "cello suite|set design|puppet show|open-mic night|choir rehearsal|drum fill|lighting "
        "cue|sonnet|short film|album cover|audition piece|street mural|jazz standard|costume "
        "sketch|radio play|gallery text",
        "the director|a stagehand|the choir|our drummer|the curator|a critic|the understudy",
        "rehearse|transpose|sketch|review|record|improvise|frame|arrange|cut|perform",
        "the tempo drags|the ending falls flat|the critic hated it|the lights fail|nobody knows the lyrics",
    ),
    "pets": _field(
        "puppy|litter box|aquarium filter|cat flap|parrot|rabbit hutch|vet bill|dog lead|tick "
        "collar|old greyhound|kitten|terrarium|training treat|hamster wheel|hen house|grooming brush",
        "the vet|the shelter|our dog sitter|my daughter|the breeder|a neighbour's cat",
        "house-train|feed|groom|calm|introduce|vaccinate|walk|adopt|weigh|bathe",
        "it hides all day|it barks at night|it will not eat|the water turns green|it scratches the sofa",
    ),
    "family": _field(
        "bedtime routine|parental leave|school run|birthday party|teenage curfew|family budget|care "
        "home visit|chore chart|wedding toast|name for the baby|screen-time rule|sibling "
        "quarrel|holiday plan|nursery place",
        "my partner|our eldest|the grandparents|the class teacher|my mother-in-law|the twins|a godparent",
        "organise|discuss|postpone|agree on|explain|prepare|share|simplify|celebrate|survive",
        "everyone is exhausted|nobody agrees|it ends in tears|the place fell through|we have only a week",
    ),
    "office": _field(
        "quarterly report|team offsite|job advert|onboarding checklist|status meeting|org "
        "chart|project brief|travel request|performance review|supplier tender|press release|shared "
        "inbox|steering committee|roadmap|risk register|minutes",
        "my manager|the works council|a contractor|the client|human resources|a new colleague|the board",
        "draft|shorten|approve|schedule|delegate|present|archive|translate|chase|prioritise",
        (
            "the scope keeps growing|two departments disagree|nobody read it|the deadline moved|it "
            "sounds too harsh"
        ),
    ),
    "farm": _field(
        "wheat field|milking robot|soil sample|lambing shed|irrigation pump|crop rotation|grain "
        "silo|orchard spray|cattle passport|cover crop|seed drill|hail insurance|farm shop|hay "
        "bale|tractor gearbox|organic label",
        "the agronomist|a seasonal worker|the cooperative|the vet|a young farmer|the inspector|the dairy",
        "rotate|spray|calve|bale|certify|drain|lime|fence|harvest|fatten",
        "the yield halved|it rained at harvest|the pump seized|the subsidy is late|the price collapsed",
    ),
    "sky": _field(
        "lunar eclipse|star tracker|comet|radio telescope|weather balloon|solar flare|exoplanet "
        "transit|night sky|meteor shower|space probe|red giant|launch window|dark matter|satellite "
        "pass|aurora|telescope mirror",
        (
            "the observatory|an amateur astronomer|the mission team|a science club|the planetarium|a "
            "doctoral student"
        ),
        "observe|photograph|calculate|calibrate|explain|simulate|track|align|detect|name",
        "clouds came in|the signal is noise|the focus drifts|the orbit decays|the data are gappy",
    ),
    "craft": _field(
        "wool cardigan|oak shelf|kiln firing|linocut|leather strap|quilt pattern|dovetail "
        "joint|bookbinding|glaze|sewing machine|candle mould|loom|wood stain|crochet edge|silver "
        "ring|paper boat",
        "a weaver|the workshop|my aunt|an apprentice|the museum shop|a customer at the fair",
        "sand|knit|glue|dye|carve|stitch|polish|measure|mend|price",
        "it warps|the thread snaps|the colour bleeds|the edges never meet|it cracks in the kiln",
    ),
}
