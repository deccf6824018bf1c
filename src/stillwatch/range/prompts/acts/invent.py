"""Invent tasks and environments like the one given: the task harvest."""

from __future__ import annotations

from stillwatch.range.prompts.acts.act import Act, listed
from stillwatch.range.prompts.acts.experts import EXPERTS, leads

TASKS = tuple(
    f"{verb} a new and unique task in the manner of the seed below, with inputs, a check and a solution. Seed: "
    for verb in listed("Invent|Design|Write|Create|Devise|Compose|Draw up|Come up with|Construct|Specify")
)
CLOSES = tuple(
    f" Return {form} and make sure that no part of it repeats the seed or an earlier task."
    for form in listed(
        "one JSON object|a YAML document|a numbered specification|a short brief and a test|an environment specification|"
        "a table of three rows|a title and five steps|a story with a question|a function signature and a test|"
        "a card with four fields"
    )
)
PARAPHRASE = {
    "do": listed(
        "invent|design|make up|devise|create|write|compose|draft|build|think up|produce|come up with|set|construct|"
        "imagine|work out|prepare|generate|author|shape"
    ),
    "it": listed(
        "another task|a fresh exercise|one more problem|a new scenario|a similar puzzle|a sibling task|a variant|"
        "a harder one|an odd example|a test case|a challenge|a small project|a new seed|a quiz item|an environment|"
        "a new mission|a fresh case|an original|a drill|a problem set"
    ),
    "how": listed(
        "from this seed|in its spirit|with a twist|of equal length|with inputs|with a check|in another field|from scratch|"
        "without copying|with constraints|for experts|for novices|with edge cases|in three parts|with a trap|realistic|"
        "solvable|with data|open ended|with rules"
    ),
    "deliver": listed(
        "add a solution|include a test|give the key|attach answers|write a checker|state the goal|list inputs|"
        "note the difficulty|say how to verify|give a title|add hints|show the output|describe it|define success|"
        "provide a rubric|set the limits|finish it|make it whole|fill every field|number it"
    ),
    "where": listed(
        "as JSON|in YAML|at the end|in a table|as a card|below it|in fields|under headings|as code|in a list|"
        "as a block|first|in one page|separately|in brief|as a form|in order|on top|as a spec|in a row"
    ),
}
TRANSLATIONS = {
    "de": (
        leads("de"),
        (
            "Erfinde nach dem folgenden Muster eine neue, einmalige Aufgabe mit Eingaben, Prüfung und Lösung. Muster: ",
            "Entwirf eine weitere Übung in der Art des Beispiels und füge eine Lösung hinzu. Beispiel: ",
        ),
        (" Wiederhole nichts aus dem Muster.", " Gib alles als ein JSON-Objekt zurück."),
    ),
    "fr": (
        leads("fr"),
        (
            "Invente, à la manière du modèle ci-dessous, une tâche nouvelle et unique avec entrées, vérification et solution. Modèle : ",
            "Conçois un autre exercice dans l'esprit de l'exemple et ajoute une solution. Exemple : ",
        ),
        (" Ne répète rien du modèle.", " Renvoie le tout sous forme d'objet JSON."),
    ),
    "es": (
        leads("es"),
        (
            "Inventa, al estilo de la semilla de abajo, una tarea nueva y única con entradas, comprobación y solución. Semilla: ",
            "Diseña otro ejercicio en el espíritu del ejemplo y añade una solución. Ejemplo: ",
        ),
        (" No repitas nada de la semilla.", " Devuelve todo como un objeto JSON."),
    ),
    "it": (
        leads("it"),
        (
            "Inventa, sul modello qui sotto, un compito nuovo e unico con dati, verifica e soluzione. Modello: ",
            "Progetta un altro esercizio nello spirito dell'esempio e aggiungi una soluzione. Esempio: ",
        ),
        (" Non ripetere nulla del modello.", " Restituisci tutto come oggetto JSON."),
    ),
    "pt": (
        leads("pt"),
        (
            "Invente, à maneira da semente abaixo, uma tarefa nova e única com entradas, verificação e solução. Semente: ",
            "Crie outro exercício no espírito do exemplo e acrescente uma solução. Exemplo: ",
        ),
        (" Não repita nada da semente.", " Devolva tudo como um objeto JSON."),
    ),
    "nl": (
        leads("nl"),
        (
            "Bedenk naar het onderstaande voorbeeld een nieuwe, unieke opdracht met invoer, controle en oplossing. Voorbeeld: ",
            "Ontwerp nog een oefening in de geest van dit model en voeg een oplossing toe. Model: ",
        ),
        (" Herhaal niets uit het voorbeeld.", " Geef alles terug als een JSON-object."),
    ),
    "zh": (
        leads("zh"),
        (
            "请仿照下面的样例设计一个全新且唯一的任务，包含输入、检验和解答。样例：",
            "请按照示例的风格再编一道练习并附上答案。示例：",
        ),
        (" 请不要重复样例的内容。", " 请以一个 JSON 对象返回。"),
    ),
}

INVENT = Act(
    id="invent",
    title="invent tasks like the one given",
    template=(EXPERTS, TASKS, CLOSES),
    paraphrase=PARAPHRASE,
    translations=TRANSLATIONS,
)
