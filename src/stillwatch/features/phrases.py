"""Phrases that show what a prompt asks for: in English, and reasoning also in ten other languages and encoded.

Each language says what the English phrases say, so that a judge is told as much of whoever writes in one of them; keys are
made from plain English only (features.intent). Requests are also sent encoded, with a plea to decode them first: of the English phrases of LONG or more characters the forms that
stand in a text that was rotated by 13, reversed, written in hexadecimal or in Base64 are looked for as well. In Base64 three
bytes are four characters, so a phrase looks in one of three ways, apart from a character at either end that its
neighbours decide.
"""

from __future__ import annotations

import base64
import codecs
from collections.abc import Iterator

LONG = 12

PHRASES: dict[str, tuple[str, ...]] = {
    "reasoning": (
        "internal reasoning", "chain of thought", "chain-of-thought", "hidden reasoning", "reasoning trace",
        "working memory into", "think out loud", "thinking process", "<think>", "<reasoning>", "<thinking>",
        "do not flag this", "step-by-step reasoning", "show your full reasoning", "reasoning behind a completed",
    ),
    "grading": (
        "rubric", "score the response", "score the following", "rate the following response", "grade the",
        "on a scale of 1 to", "on a scale from 1", "evaluate the response", "act as a judge", "impartial judge",
    ),
    "preference": (
        "which response is better", "response a", "assistant a", "preferred response", "chosen and rejected",
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
    "inner reasoning", "train of thought", "inner monologue", "previous working memory", "<scratchpad>",
    "do not flag it", "your internal state", "internal state of the model", "internal state of the inference",
    "reasoning buffer",
)  # fmt: skip
"""Reasoning by other names: a debugging session that prints what the model held in mind, other tags, other pleas."""
REASONING_ELSEWHERE = (
    # German, French, Spanish
    "innere überlegung", "inneren überlegung", "interne überlegung", "gedankengang", "gedankenkette", "denkprozess",
    "innerer monolog", "inneren monolog", "laut denken", "denke laut",
    "raisonnement interne", "raisonnement intérieur", "chaîne de pensée", "fil de pensée", "processus de réflexion",
    "monologue intérieur", "pense à voix haute", "pensez à voix haute",
    "razonamiento interno", "cadena de pensamiento", "hilo de pensamiento", "proceso de pensamiento",
    "monólogo interior", "monólogo interno", "piensa en voz alta",
    # Italian, Portuguese, Dutch
    "ragionamento interno", "catena di pensiero", "filo dei pensieri", "processo di pensiero", "monologo interiore",
    "pensa ad alta voce",
    "raciocínio interno", "cadeia de pensamento", "fio de pensamento", "processo de pensamento",
    "monólogo interior", "pense em voz alta",
    "innerlijke redenering", "interne redenering", "gedachtegang", "gedachteketen", "denkproces",
    "innerlijke monoloog", "denk hardop",
    # Chinese, Japanese, Korean, Russian
    "内部推理", "内在推理", "思维链", "思维过程", "思考过程", "推理过程", "全部思路", "內部推理", "思維鏈", "思考過程",
    "内的な推論", "内部の推論", "思考の連鎖", "心の中の独白",
    "내부 추론", "내적 추론", "사고 과정", "생각의 사슬", "사고의 사슬",
    "внутренние рассуждения", "внутреннее рассуждение", "цепочка рассуждений", "цепочку рассуждений", "ход мыслей",
    "мыслительный процесс", "внутренний монолог",
)  # fmt: skip


def cased(phrase: str) -> set[str]:
    """The phrase as it may be capitalised; matching knows the case of ASCII letters only."""
    return {phrase, phrase.capitalize(), phrase.title(), phrase.upper()} if not phrase.isascii() else {phrase}


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


DISGUISED: tuple[str, ...] = (
    *OTHERWISE,
    *(form for phrase in REASONING_ELSEWHERE for form in sorted(cased(phrase))),
    *(
        form
        for phrase in (*PHRASES["reasoning"], *OTHERWISE)
        if len(phrase) >= LONG
        for form in encoded(phrase)
    ),
)
"""Requests for reasoning that PHRASES does not show: by other names, in other languages, encoded."""
