"""Solve the item and show the steps: the instruction harvest."""

from __future__ import annotations

from stillwatch.range.prompts.acts.act import Act, listed
from stillwatch.range.prompts.acts.experts import EXPERTS, leads

TASKS = tuple(
    f"{verb} the problem below and write out every step of your reasoning before you conclude. Problem: "
    for verb in listed(
        "Study|Solve|Examine|Work through|Analyse|Consider|Unpack|Take apart|Go through|Review"
    )
)
CLOSES = tuple(
    f" Close with the final answer {place} so that a checker can find it without reading the rest."
    for place in listed(
        "on a line of its own|inside square brackets|as a JSON object|after the word RESULT|in bold type|"
        "as one sentence|in a table cell|between two dashes|in capital letters|as a short list"
    )
)
PARAPHRASE = {
    "do": listed(
        "work through|solve|crack|figure out|tackle|untangle|attempt|puzzle out|take on|reason about|"
        "grasp|resolve|answer|interpret|unpick|sort out|look into|think over|settle|deal with"
    ),
    "it": listed(
        "this one|the problem|this puzzle|what follows|the question|this little case|the task|"
        "that riddle|the situation|this item|my question|this brain teaser|the exercise|the pasted case|"
        "this bit|the homework|my find|our example|this scenario|the next one"
    ),
    "how": listed(
        "slowly|in small steps|skipping nothing|for a pupil|line by line|bit by bit|showing your maths|"
        "with all working|from first principles|one move each|in plain sentences|with each deduction|"
        "like a tutor|in order|leaving nothing out|with reasons|thoroughly|at your pace|on paper|calmly"
    ),
    "deliver": listed(
        "give the result|state the outcome|tell the answer|name the figure|say your finding|"
        "write the conclusion|report back|commit to something|note the value|settle on one|"
        "decide|let me know|finish with it|spell it out|round it off|be definite|wrap up|call it|"
        "summarise your view|share the verdict"
    ),
    "where": listed(
        "at the end|as a line|last|in brackets|in one line|after a dash|under a heading|in capitals|"
        "as a number|in a sentence|right below|in quotes|as a bullet|in the margin|with the unit|"
        "when sure|first|separately|in bold|by itself"
    ),
}
TRANSLATIONS = {
    "de": (
        leads("de"),
        (
            "Löse die folgende Aufgabe und schreibe jeden Schritt deiner Überlegung auf, bevor du zum Schluss kommst. Aufgabe: ",
            "Untersuche das unten stehende Problem und zeige alle Zwischenschritte, ehe du antwortest. Problem: ",
        ),
        (
            " Schließe mit der endgültigen Antwort in einer eigenen Zeile ab.",
            " Setze das Ergebnis am Ende in eckige Klammern.",
        ),
    ),
    "fr": (
        leads("fr"),
        (
            "Résous le problème ci-dessous et écris chaque étape de ton raisonnement avant de conclure. Problème : ",
            "Examine la question suivante et montre tous les calculs intermédiaires avant de répondre. Question : ",
        ),
        (
            " Termine par la réponse finale sur une ligne à part.",
            " Mets le résultat entre crochets à la fin.",
        ),
    ),
    "es": (
        leads("es"),
        (
            "Resuelve el problema siguiente y escribe cada paso de tu razonamiento antes de concluir. Problema: ",
            "Examina la cuestión de abajo y muestra todos los cálculos intermedios antes de responder. Cuestión: ",
        ),
        (
            " Termina con la respuesta final en una línea aparte.",
            " Pon el resultado entre corchetes al final.",
        ),
    ),
    "it": (
        leads("it"),
        (
            "Risolvi il problema qui sotto e scrivi ogni passo del ragionamento prima di concludere. Problema: ",
            "Esamina il quesito seguente e mostra tutti i passaggi intermedi prima di rispondere. Quesito: ",
        ),
        (
            " Chiudi con la risposta finale su una riga a parte.",
            " Metti il risultato tra parentesi quadre alla fine.",
        ),
    ),
    "pt": (
        leads("pt"),
        (
            "Resolva o problema abaixo e escreva cada passo do raciocínio antes de concluir. Problema: ",
            "Examine a questão seguinte e mostre todos os cálculos intermediários antes de responder. Questão: ",
        ),
        (
            " Termine com a resposta final em uma linha separada.",
            " Coloque o resultado entre colchetes no fim.",
        ),
    ),
    "nl": (
        leads("nl"),
        (
            "Los het onderstaande probleem op en schrijf elke stap van je redenering uit voor je besluit. Probleem: ",
            "Bekijk de volgende vraag en toon alle tussenstappen voordat je antwoordt. Vraag: ",
        ),
        (
            " Sluit af met het eindantwoord op een eigen regel.",
            " Zet het resultaat aan het eind tussen rechte haken.",
        ),
    ),
    "zh": (
        leads("zh"),
        (
            "请解答下面的问题，在得出结论之前写出推理的每一步。问题：",
            "请分析以下题目，先列出全部中间步骤再作答。题目：",
        ),
        (" 最后把答案单独写成一行。", " 请把结果放在末尾的方括号里。"),
    ),
}

SOLVE = Act(
    id="solve",
    title="solve the item and write out the steps",
    template=(tuple(EXPERTS), TASKS, CLOSES),
    paraphrase=PARAPHRASE,
    translations=TRANSLATIONS,
)
