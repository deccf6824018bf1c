"""The persona that opens a template, "You are an expert …", in English and in parallel in other languages."""

from __future__ import annotations

from stillwatch.range.prompts.acts.act import listed

EXPERTS = tuple(
    f"You are an expert {role} who has trained many newcomers over the years. "
    for role in listed(
        "data analyst|logistics planner|chemist|attorney|physician|accountant|teacher|engineer|editor|economist"
    )
)
_FRAMES = {
    "de": "Du bist seit vielen Jahren Fachkraft im Bereich {} und hast viele Neulinge ausgebildet. ",
    "fr": "Tu travailles depuis des années dans le domaine {} et tu as formé beaucoup de débutants. ",
    "es": "Trabajas desde hace años en el área de {} y has formado a muchos principiantes. ",
    "it": "Lavori da anni nel campo {} e hai formato molti principianti. ",
    "pt": "Você trabalha há anos na área de {} e já formou muitos iniciantes. ",
    "nl": "Je werkt al jaren in het vak {} en hebt veel beginners opgeleid. ",
    "zh": "你是一位{}领域的资深专家，多年来培养过许多新人。",
}
_FIELDS = {
    "de": "Datenanalyse|Logistik|Chemie|Recht|Medizin|Buchhaltung|Unterricht|Maschinenbau|Lektorat|Wirtschaft",
    "fr": "de l'analyse de données|de la logistique|de la chimie|du droit|de la médecine|de la comptabilité|"
    "de l'enseignement|de l'ingénierie|de l'édition|de l'économie",
    "es": "análisis de datos|logística|química|derecho|medicina|contabilidad|docencia|ingeniería|edición|economía",
    "it": "dell'analisi dei dati|della logistica|della chimica|del diritto|della medicina|della contabilità|"
    "dell'insegnamento|dell'ingegneria|dell'editoria|dell'economia",
    "pt": "análise de dados|logística|química|direito|medicina|contabilidade|ensino|engenharia|edição|economia",
    "nl": "data-analyse|logistiek|scheikunde|recht|geneeskunde|boekhouding|onderwijs|techniek|redactie|economie",
    "zh": "数据分析|物流规划|化学|法律|医学|会计|教学|工程|编辑|经济学",
}
LANGUAGES = tuple(_FRAMES)
"""Tags of the languages a template can be translated into, in the order in which an operator takes them."""


def leads(language: str) -> tuple[str, ...]:
    """The personas of `EXPERTS` in `language` (one of `LANGUAGES`), in the same order."""
    return tuple(_FRAMES[language].format(field) for field in listed(_FIELDS[language]))
