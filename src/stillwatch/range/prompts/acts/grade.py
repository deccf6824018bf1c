"""Score an answer against a rubric: the grader harvest."""

from __future__ import annotations

from stillwatch.range.prompts.acts.act import Act, listed
from stillwatch.range.prompts.acts.experts import EXPERTS, leads

TASKS = tuple(
    f"{verb} the submission below against the rubric, criterion by criterion, on a scale of 1 to 10. Submission: "
    for verb in listed("Score|Grade|Rate|Assess|Mark|Evaluate|Appraise|Judge|Weigh|Review")
)
CLOSES = tuple(
    f" Justify the score in two sentences and then give the verdict {place}."
    for place in listed(
        "as a single number|as JSON with score and reason|on the last line|in double brackets|after the word SCORE|"
        "as a fraction of ten|in one table row|as pass or fail|with one decimal|between hash signs"
    )
)
PARAPHRASE = {
    "do": listed(
        "score|grade|rate|assess|mark|evaluate|appraise|judge|weigh|review|rank|measure|audit|examine|vet|criticise|"
        "value|test|inspect|classify"
    ),
    "it": listed(
        "this attempt|the reply|this submission|the answer|what they wrote|the draft|this solution|the text|that response|"
        "the entry|this piece|the candidate|the essay|their work|the output|that try|the result|this one|the proposal|"
        "the summary"
    ),
    "how": listed(
        "by the rubric|strictly|point by point|as an examiner|for correctness|for tone|without mercy|fairly|on substance|"
        "for style too|by each criterion|like a referee|in detail|against the key|for accuracy|generously|objectively|"
        "by helpfulness|for logic|in depth"
    ),
    "deliver": listed(
        "give points|name a number|state the grade|say pass or fail|write the score|tell the mark|add the total|"
        "explain why|justify it|decide|give a verdict|report the sum|say what misses|choose a level|conclude|rank it|"
        "settle it|note strengths|list faults|sum up"
    ),
    "where": listed(
        "out of ten|at the end|as JSON|in a table|in brackets|on top|as a percentage|in one word|per criterion|last|"
        "with a decimal|in a row|as stars|in bold|after a colon|below|as a letter|separately|up front|in figures"
    ),
}
TRANSLATIONS = {
    "de": (
        leads("de"),
        (
            "Bewerte die folgende Einreichung Kriterium für Kriterium anhand des Rasters von 1 bis 10. Einreichung: ",
            "Beurteile den nachstehenden Text nach jedem Kriterium und vergib Punkte. Text: ",
        ),
        (" Begründe die Note in zwei Sätzen und nenne sie zuletzt.", " Gib das Urteil als einzelne Zahl an."),
    ),
    "fr": (
        leads("fr"),
        (
            "Note la copie ci-dessous critère par critère selon la grille, de 1 à 10. Copie : ",
            "Évalue le texte suivant selon chaque critère et attribue des points. Texte : ",
        ),
        (
            " Justifie la note en deux phrases puis donne-la à la fin.",
            " Donne le verdict sous forme de nombre.",
        ),
    ),
    "es": (
        leads("es"),
        (
            "Puntúa la entrega de abajo criterio por criterio según la rúbrica, de 1 a 10. Entrega: ",
            "Evalúa el texto siguiente según cada criterio y asigna puntos. Texto: ",
        ),
        (" Justifica la nota en dos frases y dala al final.", " Da el veredicto como un solo número."),
    ),
    "it": (
        leads("it"),
        (
            "Valuta l'elaborato qui sotto criterio per criterio secondo la griglia, da 1 a 10. Elaborato: ",
            "Giudica il testo seguente secondo ogni criterio e assegna i punti. Testo: ",
        ),
        (" Motiva il voto in due frasi e scrivilo alla fine.", " Indica il verdetto con un solo numero."),
    ),
    "pt": (
        leads("pt"),
        (
            "Pontue o trabalho abaixo critério por critério segundo a rubrica, de 1 a 10. Trabalho: ",
            "Avalie o texto seguinte segundo cada critério e atribua pontos. Texto: ",
        ),
        (" Justifique a nota em duas frases e diga-a no fim.", " Dê o veredito como um único número."),
    ),
    "nl": (
        leads("nl"),
        (
            "Beoordeel de onderstaande inzending per criterium aan de hand van het schema, van 1 tot 10. Inzending: ",
            "Waardeer de volgende tekst op elk criterium en geef punten. Tekst: ",
        ),
        (" Licht het cijfer in twee zinnen toe en noem het als laatste.", " Geef het oordeel als één getal."),
    ),
    "zh": (
        leads("zh"),
        (
            "请按照评分标准逐项为下面的答卷打分，满分十分。答卷：",
            "请根据每一条标准评价以下文字并给分。文字：",
        ),
        (" 请用两句话说明理由，最后写出分数。", " 请只用一个数字给出结论。"),
    ),
}

GRADE = Act(
    id="grade",
    title="score an answer against a rubric",
    template=(EXPERTS, TASKS, CLOSES),
    paraphrase=PARAPHRASE,
    translations=TRANSLATIONS,
)
