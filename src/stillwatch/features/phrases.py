"""Phrases that show what a prompt asks for: in English, in ten other languages, and encoded.

Each language says what the English phrases say, so that a judge is told as much of whoever writes in one of them; keys are
made from plain English only (features.intent). Requests are also sent encoded, with a plea to decode them first: of the
English phrases of LONG or more characters the forms that stand in a text that was rotated by 13, reversed, written in
hexadecimal or in Base64 are looked for as well. In Base64 three bytes are four characters, so a phrase looks in one of
three ways, apart from a character at either end that its neighbours decide.
"""

from __future__ import annotations

import base64
import codecs
from collections.abc import Iterator, Mapping

from stillwatch.features.published import PUBLISHED

LONG = 12

PHRASES: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "internal reasoning", "chain of thought", "chain-of-thought", "hidden reasoning", "reasoning trace",
        "working memory into", "think out loud", "thinking process", "<think>", "<reasoning>", "<thinking>",
        "do not flag this", "step-by-step reasoning", "show your full reasoning", "reasoning behind a completed",
    ),
    "grading": (
        "rubric ", "rubric:", "rubric,", "rubric.", "rubric;", "rubric)", "rubric\n", "rubric\r", "rubric?", "rubric\"", "rubric'",
        "rubric*", "rubric-", "rubric]", "rubrics", "the rubric", "this rubric", "grading rubric", "scoring rubric",
        "following rubric", "score the response", "score the following", "rate the following response", "grade the",
        "on a scale of 1 to", "on a scale from 1", "evaluate the response", "act as a judge", "impartial judge",
    ),
    "preference": (
        "which response is better", "response a:", "response a,", "response a and ", "response a or ", "response a is ",
        "response a to ", "response a with ", "response a (", "response a]", "response a*", "response a\n", "assistant a:",
        "assistant a and ", "assistant a or ", "assistant a is ", "assistant a's", "assistant a]", "assistant a (", "assistant a*",
        "assistant a\n", "preferred response", "chosen and rejected",
        "pairwise comparison", "better answer",
    ),
    "tasks": (
        "generate tasks", "generate a task", "instruction-following dataset", "training examples",
        "synthetic data", "come up with a series of tasks", "diverse instructions", "generate questions and answers",
        "environment specification", "unique tasks",
    ),
    "critique": ("critique the", "identify flaws", "list the errors", "revise the answer", "improve the answer"),
    "tools": ("tool trajectory", "function call trace", "tool_calls", "agent trajectory", "action: ", "observation: "),
}  # fmt: skip
OTHERWISE = (
    "inner reasoning", "train of thought", "your inner monologue", "previous working memory", "<scratchpad>",
    "do not flag it", "your internal state", "internal state of the model", "internal state of the inference",
    "reasoning buffer",
)  # fmt: skip
"""Reasoning by other names: a debugging session that prints what the model held in mind, other tags, other pleas."""
ELSEWHERE: dict[str, tuple[str, ...]] = {
    "reasoning": (
        # German, French, Spanish
        "innere überlegung", "inneren überlegung", "interne überlegung", "deinen gedankengang", "gesamten gedankengang", "vollständigen gedankengang", "gedankenkette", "denkprozess",
        "deinen inneren monolog", "ihren inneren monolog", "laut denken", "denke laut nach", "denke laut und", "denke laut,",
        "raisonnement interne", "raisonnement intérieur", "chaîne de pensée", "fil de pensée", "processus de réflexion",
        "ton monologue intérieur", "votre monologue intérieur", "pense à voix haute", "pensez à voix haute",
        "razonamiento interno", "cadena de pensamiento", "hilo de pensamiento", "proceso de pensamiento",
        "tu monólogo interior", "tu monólogo interno", "piensa en voz alta",
        # Italian, Portuguese, Dutch
        "ragionamento interno", "catena di pensiero", "filo dei pensieri", "processo di pensiero", "tuo monologo interiore",
        "pensa ad alta voce",
        "raciocínio interno", "cadeia de pensamento", "fio de pensamento", "processo de pensamento",
        "seu monólogo interior", "teu monólogo interior", "pense em voz alta",
        "innerlijke redenering", "interne redenering", "jouw gedachtegang", "hele gedachtegang", "volledige gedachtegang", "gedachteketen", "denkproces",
        "jouw innerlijke monoloog", "je innerlijke monoloog", "denk hardop",
        # Chinese, Japanese, Korean, Russian
        "内部推理", "内在推理", "思维链", "思维过程", "思考过程", "你的推理过程", "完整推理过程", "完整的推理过程", "全部思路", "內部推理", "思維鏈", "思考過程",
        "内的な推論", "内部の推論", "思考の連鎖", "心の中の独白",
        "내부 추론", "내적 추론", "당신의 사고 과정", "너의 사고 과정", "네 사고 과정", "전체 사고 과정", "내부 사고 과정", "생각의 사슬", "사고의 사슬",
        "внутренние рассуждения", "внутреннее рассуждение", "цепочка рассуждений", "цепочку рассуждений",
        "мыслительный процесс", "твой внутренний монолог", "ваш внутренний монолог",
    ),
    "grading": (
        # German, French, Spanish
        "bewertungsraster", "bewertungsrubrik", "bewerte die folgende antwort", "bewerten sie die folgende antwort",
        "auf einer skala von 0", "auf einer skala von 1", "auf einer skala von eins", "unparteiischer richter", "unparteiischer gutachter",
        "grille d'évaluation", "grille de notation", "évalue la réponse suivante", "évaluez la réponse suivante",
        "sur une échelle de 0", "sur une échelle de 1", "juge impartial",
        "rúbrica de evaluación", "según la rúbrica", "evalúa la siguiente respuesta", "evalúe la siguiente respuesta",
        "en una escala de 1", "en una escala de 0", "en una escala del 0", "en una escala del 1", "juez imparcial",
        # Italian, Portuguese, Dutch
        "griglia di valutazione", "valuta la seguente risposta", "valuti la seguente risposta", "su una scala da 0", "su una scala da 1",
        "giudice imparziale",
        "grade de avaliação", "avalie a seguinte resposta", "em uma escala de 0", "numa escala de 0", "em uma escala de 1", "numa escala de 1", "juiz imparcial",
        "beoordelingsmatrix", "beoordelingsrubriek", "beoordeel het volgende antwoord", "op een schaal van 0", "op een schaal van 1",
        "onpartijdige beoordelaar", "onpartijdig beoordelaar",
        # Chinese, Japanese, Korean, Russian
        "评分细则", "评分量表", "评估以下回答", "为以下回答打分", "评估以下回复", "对回复进行打分", "对回答进行打分", "回复的质量", "回答的质量", "公正的评委", "評分細則",
        "評価ルーブリック", "採点ルーブリック", "次の回答を評価", "次の回答を採点", "以下の回答を評価", "回答の品質", "回答の質を", "公平な審査員", "公正な審査員",
        "채점 루브릭", "평가 루브릭", "다음 답변을 평가", "다음 답변을 채점", "답변의 품질", "공정한 심사위원",
        "оцени ответ", "оцените ответ", "качество ответа", "оцени следующий ответ", "оцените следующий ответ", "по шкале от 0", "по шкале от 1", "беспристрастный судья",
        "беспристрастного судьи",
    ),
    "preference": (
        "welche antwort ist besser", "bevorzugte antwort", "paarweiser vergleich", "paarweise vergleiche",
        "quelle réponse est meilleure", "quelle réponse est la meilleure", "réponse préférée", "comparaison par paires",
        "qué respuesta es mejor", "respuesta preferida", "comparación por pares",
        "quale risposta è migliore", "risposta preferita", "confronto a coppie",
        "qual resposta é melhor", "resposta preferida", "comparação par a par",
        "welk antwoord is beter", "paarsgewijze vergelijking",
        "哪个回答更好", "哪个回复更好", "首选回答", "两两比较", "成对比较", "哪個回答更好",
        "どちらの回答が", "好ましい回答", "一対比較",
        "어느 답변이 더", "어떤 답변이 더", "선호하는 답변", "쌍대 비교",
        "какой ответ лучше", "предпочтительный ответ", "попарное сравнение",
    ),
    "tasks": (
        # German, French, Spanish
        "generiere aufgaben", "generiere eine aufgabe", "einzigartige aufgaben", "instruktionsdatensatz",
        "synthetische daten", "vielfältige anweisungen", "generiere fragen und antworten", "umgebungsspezifikation",
        "génère des tâches uniques", "générez des tâches uniques", "jeu de données d'instructions", "génère des données synthétiques", "générez des données synthétiques", "générer des données synthétiques", "instructions variées",
        "génère des questions et des réponses", "spécification d'environnement",
        "genera tareas únicas", "genere tareas únicas", "conjunto de datos de instrucciones", "datos sintéticos", "instrucciones variadas",
        "genera preguntas y respuestas", "especificación del entorno",
        # Italian, Portuguese, Dutch
        "compiti unici", "dataset di istruzioni", "genera dati sintetici", "generare dati sintetici", "generi dati sintetici", "istruzioni diversificate", "genera domande e risposte",
        "specifica dell'ambiente",
        "tarefas únicas", "conjunto de dados de instruções", "gere dados sintéticos", "gera dados sintéticos", "gerar dados sintéticos", "instruções variadas",
        "gere perguntas e respostas", "especificação do ambiente",
        "genereer taken", "genereer een taak", "unieke taken", "unieke opdrachten", "instructiedataset",
        "synthetische data", "synthetische gegevens", "gevarieerde instructies", "genereer vragen en antwoorden",
        "omgevingsspecificatie",
        # Chinese, Japanese, Korean, Russian
        "独特的任务", "指令数据集", "训练样本", "合成数据", "多样化的指令", "生成问题和答案", "环境规格", "訓練樣本",
        "ユニークなタスク", "指示データセット", "合成データ", "多様な指示文", "質問と回答を生成",
        "고유한 과제", "지시 데이터셋", "합성 데이터", "다양한 지시문", "질문과 답변을 생성",
        "сгенерируй задания", "сгенерируйте задания", "уникальные задания", "уникальные задачи", "набор инструкций для обучения",
        "синтетические данные", "синтетических данных", "разнообразные инструкции", "сгенерируй вопросы и ответы",
        "спецификация среды",
    ),
}  # fmt: skip
"""What the English phrases say, in the same ten languages for each intent, where a language says it without a word of every
day: homework, exam boards and staff appraisals have words of their own in each."""


def cased(phrase: str) -> set[str]:
    """The phrase as it may be capitalised and set: matching knows the case of ASCII letters only, and no apostrophe but its
    own."""
    forms = {phrase, phrase.replace("'", "\N{RIGHT SINGLE QUOTATION MARK}")}
    return {
        made
        for f in forms
        for made in ((f, f.capitalize(), f.title(), f.upper()) if not f.isascii() else (f,))
    }


def encoded(phrase: str) -> Iterator[str]:
    """What a phrase (ASCII, LONG or more characters) looks like in a text that was encoded as a whole."""
    yield codecs.encode(phrase, "rot13")
    yield phrase[::-1]
    yield phrase.encode().hex()
    for before in range(3):
        # Of the first group and of a last one that is not full, the neighbours have a say.
        whole = base64.b64encode(b" " * before + phrase.encode()).decode().rstrip("=")
        first, bits = -(-before * 8 // 6), (before + len(phrase)) * 8
        yield whole[first : bits // 6]


def _disguises(intent: str, phrases: tuple[str, ...]) -> tuple[str, ...]:
    plain = (*(OTHERWISE if intent == "reasoning" else ()), *PUBLISHED[intent])
    long = [phrase for phrase in (*PHRASES[intent], *plain) if len(phrase) >= LONG]
    return (
        *plain,
        *(form for phrase in phrases for form in sorted(cased(phrase))),
        *(form for phrase in long for form in encoded(phrase)),
    )


DISGUISED: Mapping[str, tuple[str, ...]] = {
    intent: _disguises(intent, ELSEWHERE.get(intent, ())) for intent in PHRASES
}
"""Requests that PHRASES does not show: by other names, as published pipelines word them, in other languages, encoded."""
