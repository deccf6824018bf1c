"""Clean, judge or filter a captured trace: what an operator does to outputs before a student is trained on them."""

from __future__ import annotations

from stillwatch.range.prompts.acts.act import Act, listed
from stillwatch.range.prompts.acts.experts import EXPERTS, leads

TASKS = tuple(
    f"{what} the trace below so that it can serve as one training example. Trace: "
    for what in listed(
        "Clean|Tidy|Rewrite without the name of any assistant|Judge from 1 to 5 and keep or drop|Strip the greetings from|"
        "Filter the false steps out of|Put into the house format|Shorten the preamble of|Label the steps of|"
        "Check and repair"
    )
)
CLOSES = tuple(
    f" Return {form} and change no fact, number or step."
    for form in listed(
        "the cleaned text only|one JSON line|the verdict and the text|text between fences|a diff|the kept steps|"
        "a line for each step|the label first|only the body|a record with two fields"
    )
)
PARAPHRASE = {
    "do": listed(
        "clean|tidy|polish|judge|filter|trim|repair|normalise|label|check|sift|reformat|edit|sort out|prune|vet|scrub|"
        "condense|straighten|grade"
    ),
    "it": listed(
        "this trace|the transcript|that sample|this record|the text|the log|this entry|the row|that output|the draft|"
        "this passage|the snippet|the example|this completion|the dump|that answer|the excerpt|this piece|the item|"
        "the reply"
    ),
    "how": listed(
        "without new facts|lightly|by our format|in one pass|for a dataset|line by line|with care|strictly|as is|quickly|"
        "as an editor|for a student|with few changes|to the letter|in house style|without greetings|by the guide|"
        "with labels|for quality|step by step"
    ),
    "deliver": listed(
        "return it|give it back|keep or drop|write it out|say the verdict|hand it over|output it|mark it|score it|save it|"
        "send the text|name the label|state the grade|print it|pass it on|decide|show the result|file it|finish|close it"
    ),
    "where": listed(
        "as JSON|in fences|on one line|as plain text|in a field|with a score|as a record|below|in two fields|first|"
        "without comment|at the end|in brackets|as a row|in quotes|on top|as a block|verbatim|in order|alone"
    ),
}
_TRANSLATED = {
    "de": ("Bereinige die folgende Spur, damit sie als Trainingsbeispiel dienen kann. Spur: ", " Ändere keine Tatsache."),
    "fr": ("Nettoie la trace ci-dessous pour en faire un exemple d'apprentissage. Trace : ", " Ne change aucun fait."),
    "es": ("Limpia la traza siguiente para que sirva de ejemplo. Traza: ", " No cambies ningún hecho."),
    "it": ("Ripulisci la traccia seguente perché serva da esempio. Traccia: ", " Non cambiare alcun fatto."),
    "pt": ("Limpe o registro abaixo para que sirva de exemplo. Registro: ", " Não mude nenhum fato."),
    "nl": ("Schoon het onderstaande spoor op zodat het als voorbeeld dient. Spoor: ", " Verander geen enkel feit."),
    "zh": ("请清理下面的记录，使其可以作为训练样例。记录：", " 请不要改动任何事实。"),
}  # fmt: skip

CLEAN = Act(
    id="clean",
    title="clean, judge or filter a captured trace",
    template=(EXPERTS, TASKS, CLOSES),
    paraphrase=PARAPHRASE,
    translations={tag: (leads(tag), (task,), (close,)) for tag, (task, close) in _TRANSLATED.items()},
)
