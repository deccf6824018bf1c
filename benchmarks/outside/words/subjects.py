"""What people want to know about: fields of life, the things in them, and what one does with these."""

from __future__ import annotations

from typing import NamedTuple

from benchmarks.outside.words.listing import listed


class Subject(NamedTuple):
    """A field: nouns, things to do (verb phrases), and who or what may be in the way."""

    things: tuple[str, ...]
    doing: tuple[str, ...]
    trouble: tuple[str, ...]


def _subject(things: str, doing: str, trouble: str) -> Subject:
    return Subject(listed(things), listed(doing), listed(trouble))


SUBJECTS: dict[str, Subject] = {
    "cooking": _subject(
        """
            sourdough starter | beurre blanc | lentil dal | braised short ribs | pie crust | kimchi |
            risotto | pad thai | jollof rice | mole | roast chicken | dumpling dough | hollandaise |
            chickpea stew | focaccia | ceviche
        """,
        """
            thicken a sauce without flour | cook rice for twelve people | freeze leftovers | replace eggs
            in a cake | season a carbon steel pan | brine a turkey | use up half a cabbage | scale a recipe
            down to two servings | keep herbs fresh | make stock from vegetable scraps
        """,
        """
            it keeps splitting | the crumb is too dense | my oven runs hot | a guest is allergic to nuts |
            it tastes flat | I only have one pot
        """,
    ),
    "travel": _subject(
        """
            a week in Oaxaca | the night train to Vienna | a layover in Doha | hiking huts in the Dolomites
            | car rental in Iceland | ferries in Greece | visa on arrival | Tokyo with a toddler | a
            weekend in Porto | Patagonia in March | rail passes
        """,
        """
            plan a five day itinerary | pack light for cold weather | get a refund for a cancelled flight |
            cross the border by bus | find a quiet beach | travel with a dog | avoid roaming charges |
            split costs between four friends
        """,
        """
            we arrive at midnight | my passport expires in four months | half the group is vegetarian | it
            rains all week | we do not drive | the budget is tight
        """,
    ),
    "health": _subject(
        """
            lower back pain | a sprained ankle | iron deficiency | sleep apnea | a cholesterol test | hay
            fever | migraine aura | physiotherapy exercises | magnesium supplements | blood pressure
            readings | knee clicking | reflux
        """,
        """
            sleep better during shift work | prepare for a blood test | read a lab report | stretch after
            sitting all day | get back to running after a cold | cut down on caffeine | talk to a doctor
            about anxiety | track migraines
        """,
        """it gets worse at night | I am on medication | my doctor has no time until June | I am fifty-eight |
        it started two weeks ago | I hate gyms""",
    ),
    "law and money": _subject(
        """
            a rental deposit | compound interest | an index fund | a power of attorney | a fixed-rate
            mortgage | severance pay | a non-compete clause | capital gains | a late invoice | a small
            claims case | an employment contract | pension gaps
        """,
        """
            contest a parking fine | deduct a home office | end a lease early | write a letter of demand |
            register a trademark | compare two loan offers | set up an emergency fund | file taxes as a
            freelancer | read a term sheet
        """,
        """
            the landlord does not answer | I moved countries in May | the contract is silent on it | we are
            not married | the deadline is Friday | I lost the receipt
        """,
    ),
    "school": _subject(
        """
            photosynthesis | the French Revolution | quadratic equations | mitosis | supply and demand |
            iambic pentameter | plate tectonics | the Cold War | Newton's third law | stoichiometry |
            Macbeth | probability trees | the water cycle | the Treaty of Versailles | trigonometric
            identities
        """,
        """
            balance a redox equation | write a thesis statement | solve simultaneous equations | memorise
            vocabulary | cite a web page | prepare a five minute presentation | factor a polynomial | draw
            a free body diagram
        """,
        """
            the exam is tomorrow | my teacher wants sources | I do not get the last step | it has to be 500
            words | I am in grade nine | I missed two lessons
        """,
    ),
    "science": _subject(
        """
            CRISPR off-target effects | dark matter halos | protein folding | Bayesian priors | lithium
            plating | mass spectrometry | reaction kinetics | gut microbiota | perovskite cells |
            gravitational lensing | spin glasses | ocean acidification | kinase inhibitors | survival
            analysis
        """,
        """
            choose a sample size | normalise RNA-seq counts | correct for multiple testing | fit a dose
            response curve | calibrate a pH electrode | estimate measurement error | design a control
            experiment | read a phase diagram
        """,
        """
            the replicates disagree | reviewer two asks for it | we only have eight samples | the residuals
            look odd | the instrument drifts | my supervisor prefers another method
        """,
    ),
    "work": _subject(
        """
            a performance review | a project kickoff | quarterly goals | a job interview | a difficult
            client | onboarding | a resignation letter | a status report | a budget request | remote
            meetings | a promotion case | a team retrospective
        """,
        """
            ask for a raise | give feedback to a senior colleague | run a shorter meeting | prioritise a
            backlog | decline politely | write a job posting | prepare a board slide | hand over a project
            | follow up after an interview
        """,
        """
            my boss hates long mails | two people left last month | nobody reads the wiki | we are behind
            schedule | it is my first week | the client changed the scope
        """,
    ),
    "marketing": _subject(
        """
            a landing page | a product launch | an email subject line | customer segments | a brand voice |
            a newsletter | a referral programme | search ads | a press release | churn | a price page |
            social proof
        """,
        """
            name a skincare line | write ten headlines | plan a content calendar | lower the cost per lead
            | test two offers | rewrite a product description | find influencers in a niche | announce a
            price increase
        """,
        """
            the audience is over sixty | we cannot discount | legal wants a disclaimer | open rates dropped
            | it is B2B | we only have 300 subscribers
        """,
    ),
    "house": _subject(
        """
            a dripping tap | a heat pump | damp in the basement | a squeaky floorboard | attic insulation |
            a tripped breaker | grout | a raised bed | a wood stove | tomato blight | hard water | a
            retaining wall | an old radiator
        """,
        """
            bleed a radiator | patch drywall | prune roses | get rid of ants | paint over wallpaper | level
            a washing machine | choose a router position | insulate a loft hatch | plan a small kitchen
        """,
        """
            we rent | the wall is not straight | there is a smell | the part is discontinued | I have no
            drill | it faces north
        """,
    ),
    "family": _subject(
        """
            bedtime routines | a teenager's screen time | a wedding toast | a birthday for a four year old
            | picky eating | sibling rivalry | moving in together | an elderly parent | starting daycare |
            a eulogy | a long-distance friendship
        """,
        """
            explain divorce to a child | write a card for a colleague | plan a surprise party | choose a
            baby name | apologise to my sister | entertain kids on a train | set house rules
        """,
        """
            she is very shy | we live far away | he refuses to talk | there are twins | grandma disagrees |
            it is next Saturday
        """,
    ),
    "arts": _subject(
        """
            a short story | a sonnet | a jazz chord progression | watercolor washes | a villain's backstory
            | film noir | a haiku | street photography | a heist plot | worldbuilding | a fairy tale
            retelling | a podcast intro
        """,
        """
            write dialogue that sounds real | end a chapter on a cliffhanger | describe a storm | rhyme
            without cliché | invent a magic system | shoot in low light | outline a novella | name a space
            ship
        """,
        """
            it must be funny | no one dies | it is set in Lagos | first person please | it drags in the
            middle | the editor wants 800 words
        """,
    ),
    "sports": _subject(
        """
            a half marathon | zone 2 training | a deadlift | an offside trap | a road bike fit | open water
            swimming | bouldering | a tennis serve | meal timing | VO2 max | a chess opening | a fantasy
            league draft
        """,
        """
            train three times a week | taper before a race | improve a slow backhand | fix my squat depth |
            choose running shoes | recover from a hard session | learn a flip turn
        """,
        """
            my knees hurt | I am starting at zero | it is hot here | I only have dumbbells | the race is in
            six weeks
        """,
    ),
    "data": _subject(
        """
            a pivot table | a window function | a confusion matrix | a star schema | missing values | a
            moving average | a cohort table | outliers | a left join | seasonality | a box plot | a
            surrogate key | VLOOKUP | a dashboard
        """,
        """
            deduplicate rows by latest date | merge two spreadsheets | forecast next quarter | compute a
            rolling median | parse dates in mixed formats | sample a big table | unpivot monthly columns |
            explain a p-value to managers
        """,
        """
            the file has 4 million rows | dates are strings | there are duplicates | it must work in Excel
            | nulls break it | the totals differ by one
        """,
    ),
    "programming": _subject(
        """
            a race condition | dependency injection | a memory leak | CORS | an ORM migration | a flaky
            test | a websocket | pagination | a decorator | a Dockerfile | a monorepo | rate limiting | a
            regular expression | a generic type | a binary search | garbage collection | OAuth refresh
            tokens | an event loop
        """,
        """
            read a large file line by line | retry with backoff | mock a clock in tests | debounce an input
            | sort by two keys | validate a form | cache a slow query | cancel a fetch | stream a response
            | parse a CSV with quotes | undo the last commit | profile a slow endpoint | write a
            parametrised test
        """,
        """
            it works locally | only in production | the types do not check | we cannot add dependencies |
            it deadlocks | CI times out | it returns undefined
        """,
    ),
    "systems": _subject(
        """
            a Kubernetes ingress | a systemd unit | DNS caching | a VPN tunnel | an S3 bucket policy | log
            rotation | a cron job | TLS certificates | a load balancer | Terraform state | a message queue
            | read replicas | a firewall rule
        """,
        """
            roll back a deployment | find what fills the disk | rotate secrets | set memory limits |
            migrate a database without downtime | alert on error rate | back up to another region | debug a
            slow DNS lookup
        """,
        """
            we have two nodes | it restarts every hour | the vendor blames us | there is no staging |
            certificates expired | nobody knows the password
        """,
    ),
    "language": _subject(
        """
            the subjunctive | phrasal verbs | German word order | false friends | a cover letter in English
            | keigo | the difference between since and for | pronunciation of ü | formal greetings |
            Spanish por and para | business idioms
        """,
        """
            sound less formal | practise listening | correct my paragraph | learn 30 words a day | write an
            apology mail | remember genders | prepare for IELTS
        """,
        """I am B1 | my examiner is strict | I mix up tenses | it is for work | I have two weeks""",
    ),
    "history and ideas": _subject(
        """
            Stoicism | the Silk Road | the Meiji Restoration | utilitarianism | the printing press | Rosa
            Parks | the fall of Constantinople | existentialism | the Marshall Plan | the Mali Empire |
            social contract theory | the Opium Wars
        """,
        """
            compare two philosophers | date a coin | find primary sources | summarise a long argument |
            trace a family tree | understand a footnote
        """,
        """
            the sources contradict each other | it is for a podcast | keep it neutral | I know nothing
            about it
        """,
    ),
    "engineering": _subject(
        """
            a buck converter | bearing preload | a PID loop | FEM meshing | an Arduino interrupt | a
            stepper driver | 3D print warping | torque specs | a Kalman filter | a pressure relief valve |
            a CAN bus | beam deflection
        """,
        """
            size a heat sink | choose a MOSFET | tune a controller | read a datasheet | estimate battery
            life | debounce a switch | dimension a shaft | filter sensor noise
        """,
        """
            it overheats | the supply is 24 V | tolerance is tight | it oscillates | parts arrive Monday |
            it must be IP67
        """,
    ),
}
DAILY = (
    "cooking",
    "travel",
    "health",
    "house",
    "family",
    "arts",
    "sports",
    "language",
    "work",
    "law and money",
)
STUDY = ("school", "science", "history and ideas", "language", "data", "engineering")
TECH = ("programming", "systems", "data", "engineering")
OFFICE = ("work", "marketing", "law and money", "data", "language")
