"""What people ask, and what another assistant replies, in seven languages: short phrases joined at random."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from stillwatch.range.prompts import vocabulary as words
from stillwatch.range.prompts.acts.act import listed
from stillwatch.range.prompts.grammar import join, pick

TONGUES = ("en", "de", "fr", "es", "pt", "it", "zh")

_ASKED: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "Could you check |Please shorten |How would you plan |I want to rewrite |Help me compare |What is wrong with ",
        "the lease|a small speech|our rota|this recipe|my timetable|the price list|a letter to the school|the fuse box",
        " before the weekend| for my aunt| without losing the tone| in plain words| on a small budget| for six people",
    ),
    "de": (
        "Kannst du bitte prüfen: |Kürze bitte |Wie plane ich |Ich möchte umschreiben: |Vergleiche |Erkläre mir ",
        "den Mietvertrag|eine kurze Rede|unseren Dienstplan|dieses Rezept|meinen Stundenplan|die Preisliste|den Brief",
        " vor dem Wochenende| für meine Tante| ohne den Ton zu verlieren| in einfachen Worten| für sechs Leute| noch heute",
    ),
    "fr": (
        "Peux-tu vérifier |Raccourcis |Comment organiser |Je voudrais réécrire |Compare |Explique-moi ",
        "le bail|un petit discours|notre planning|cette recette|mon emploi du temps|les prix|la lettre",
        " avant le week-end| pour ma tante| sans perdre le ton| en mots simples| pour six personnes| dès aujourd'hui",
    ),
    "es": (
        "¿Puedes revisar |Acorta |¿Cómo planifico |Quiero reescribir |Compara |Explícame ",
        "el contrato|un discurso breve|nuestro turno|esta receta|mi horario|la lista de precios|la carta",
        " antes del fin de semana| para mi tía| sin perder el tono| con palabras sencillas| para seis personas| hoy mismo",
    ),
    "pt": (
        "Você pode verificar |Encurte |Como planejar |Quero reescrever |Compare |Explique ",
        "o contrato|um discurso curto|nossa escala|esta receita|meu horário|a lista de preços|a carta",
        " antes do fim de semana| para minha tia| sem perder o tom| em palavras simples| para seis pessoas| ainda hoje",
    ),
    "it": (
        "Puoi controllare |Accorcia |Come organizzo |Vorrei riscrivere |Confronta |Spiegami ",
        "il contratto|un breve discorso|i nostri turni|questa ricetta|il mio orario|il listino|la lettera",
        " prima del fine settimana| per mia zia| senza perdere il tono| in parole semplici| per sei persone| oggi stesso",
    ),
    "zh": (
        "请帮我检查|请缩短|怎样安排|我想改写|请比较|请解释",
        "租房合同|一段简短的讲话|我们的排班表|这份菜谱|我的课程表|价目表|给学校的信",
        "，周末之前要用|，给我的姨妈|，不要改变语气|，用简单的话|，六个人用|，今天就要",
    ),
}  # fmt: skip
_SAID: Mapping[str, tuple[str, str, str]] = {
    "en": (
        "Certainly. Begin with |Sure, look at |A good way is ",
        "the second paragraph|the dates|the gaps|the order|the shortest version",
        " before all the rest. | and then the details. | as a first step. | and nothing else yet. ",
    ),
    "de": (
        "Gern. Zuerst kommt |Natürlich, zuerst |Am besten über ",
        "den zweiten Absatz|die Daten|das Weglassen|die Reihenfolge|die kürzeste Fassung",
        " vor allem anderen. | und danach die Einzelheiten. | als ersten Schritt. | und sonst noch nichts. ",
    ),
    "fr": (
        "Volontiers. Je commencerais par |Bien sûr, d'abord |Le mieux est ",
        "le deuxième paragraphe|les dates|ce qui manque|l'ordre|la version courte",
        " avant tout le reste. | puis les détails. | comme premier pas. | et rien d'autre encore. ",
    ),
    "es": (
        "Claro. Empezaría por |Por supuesto, primero |Lo mejor es ",
        "el segundo párrafo|las fechas|lo que sobra|el orden|la versión corta",
        " antes que lo demás. | y luego los detalles. | como primer paso. | y nada más todavía. ",
    ),
    "pt": (
        "Claro. Comece por |Com certeza, primeiro |O melhor é ",
        "o segundo parágrafo|as datas|o que sobra|a ordem|a versão curta",
        " antes do resto. | e depois os detalhes. | como primeiro passo. | e nada mais ainda. ",
    ),
    "it": (
        "Certo. Comincerei da |Naturalmente, guarda prima |Conviene partire da ",
        "il secondo paragrafo|le date|quello che avanza|l'ordine|la versione breve",
        " prima di tutto il resto. | e poi i dettagli. | come primo passo. | e nient'altro per ora. ",
    ),
    "zh": (
        "好的，我会先看|当然，请先注意|比较好的做法是从",
        "第二段|日期和人名|可以删去的部分|各部分的顺序|最短的版本",
        "，先于其他内容。|，然后再看细节。|，作为第一步。|，其余以后再说。",
    ),
}  # fmt: skip
_REPLY_SENTENCES = 4


def asked(rng: np.random.Generator, tongue: np.ndarray) -> pa.Array:
    """A person's question in each of the languages `tongue` (places in TONGUES, shape (n,)); large_string."""
    return _spoken(_ASKED, rng, tongue)


def replied(rng: np.random.Generator, tongue: np.ndarray) -> pa.Array:
    """A reply of four headed sentences that no model of the world gave; arguments as in `asked`."""
    sentences: list[pa.Array | str] = []
    for _ in range(_REPLY_SENTENCES):
        sentences += [_coined(rng.integers(0, 1 << 20, tongue.size)), ". ", _spoken(_SAID, rng, tongue)]
    return join(*sentences)


def _spoken(
    phrases: Mapping[str, tuple[str, str, str]], rng: np.random.Generator, tongue: np.ndarray
) -> pa.Array:
    """Three phrases with a name or place between them, so that no run of six words lies within one phrase; the names are
    coined, so that strangers share next to none (numbers would not do: a reader of logs may take all for one)."""
    draws = rng.integers(0, 1 << 20, (7, tongue.size))
    texts = np.full(tongue.size, "", dtype=object)
    for place, tag in enumerate(TONGUES):
        rows = np.flatnonzero(tongue == place)
        parts = [pick(listed(part), draws[i, rows]) for i, part in enumerate(phrases[tag])]
        who, where = pick(words.NAMES, draws[3, rows]), pick(words.PLACES, draws[4, rows])
        first, second = (_coined(draws[i, rows]) for i in (5, 6))
        said = join(parts[0], who, " ", first, ", ", parts[1], " (", where, " ", second, ")", parts[2])
        texts[rows] = np.array(said.to_pylist(), dtype=object)
    return pa.array(texts.tolist(), pa.large_string())


def _coined(draws: np.ndarray) -> pa.Array:
    """A made-up name of three syllables for each number, one of 343,000."""
    syllables = [first + second for first in "bdfgklmnprstvz" for second in "aeiou"]
    places = (draws // len(syllables) ** i % len(syllables) for i in range(3))
    return join(
        *(
            pick([s.capitalize() for s in syllables] if i == 0 else syllables, at)
            for i, at in enumerate(places)
        )
    )
