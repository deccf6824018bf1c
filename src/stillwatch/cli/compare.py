"""`stillwatch compare`: is a suspect model, or a dataset, made from our outputs?"""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, coloured, emit, note, width
from stillwatch.config import Config


@click.group()
def compare() -> None:
    """Compare a suspect model or dataset with ours, with a stated error rate."""


@compare.command()
@click.option(
    "--prompts", type=options.PATH, required=True, metavar="FILE", help="Prompts to ask, Parquet or JSONL."
)
@click.option(
    "--panel",
    type=options.PATH,
    required=True,
    metavar="FILE",
    help="Our models, controls and why each is innocent.",
)
@click.option("--suspect", required=True, metavar="NAME", help="Name of the suspect model.")
@click.option("--owner", required=True, metavar="NAME", help="Whose models ours are, as in the panel file.")
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.05,
    show_default=True,
    help="Error rate.",
)
@click.option("--sample", type=click.IntRange(1), metavar="N", help="Draw this many prompts (default: all).")
@click.option("--seed", type=int, default=0, show_default=True, help="Seed of the draw.")
@click.option(
    "-o", "--output", type=options.PATH, default=Path("plan.json"), show_default=True, metavar="FILE",
    help="Where the plan is written.",
)  # fmt: skip
def plan(
    prompts: Path,
    panel: Path,
    suspect: str,
    owner: str,
    alpha: float,
    sample: int | None,
    seed: int,
    output: Path,
) -> None:
    """Fix prompts, panel, statistics and alpha before any query."""
    from stillwatch.service.comparing import plan_comparison

    made, cannot = plan_comparison(
        prompts=prompts, panel=panel, suspect=suspect, owner=owner, alpha=alpha, sample=sample, seed=seed
    )
    emit(as_json(made), output)
    for line in cannot:
        note(f"note: {line}")
    note(f"wrote {output}: {len(made.prompts):,} prompts, {len(made.panel)} models, hash {made.hash}")
    note(f"next: collect outputs, then stillwatch compare model {output} --outputs FILE")


@compare.command()
@click.argument("plan_file", type=options.PATH, metavar="PLAN")
@click.option(
    "--outputs", type=options.PATH, multiple=True, required=True, metavar="FILE",
    help="Collected outputs: Parquet or JSONL with model, prompt, output; repeat it.",
)  # fmt: skip
@click.option(
    "--suspect-outputs", type=options.PATH, multiple=True, metavar="FILE",
    help="Outputs of the suspect, where they lie apart; a model column is not needed.",
)  # fmt: skip
@options.output("table", "json", "html")
def model(
    plan_file: Path, outputs: tuple[Path, ...], suspect_outputs: tuple[Path, ...], format_: str, output: Path | None,
    no_colour: bool,
) -> None:  # fmt: skip
    """Judge collected outputs of a suspect model under a plan."""
    from stillwatch.service.comparing import compare_model

    found = compare_model(plan_file, outputs, suspect_outputs)
    if format_ == "json":
        emit(as_json(found), output)
    elif format_ == "html":
        from stillwatch.findings.reports import comparison_html

        emit(comparison_html.render(found), output)
    else:
        from stillwatch.findings.reports import comparison_table

        emit(comparison_table.render(found, width=width(), colour=coloured(no_colour, output)), output)


@compare.command()
@click.argument("suspect", type=options.PATH, metavar="SUSPECT")
@click.option(
    "--ledger", type=options.PATH, required=True, metavar="DIR",
    help="What was served (made by `stillwatch ledger build`; needs its secret).",
)  # fmt: skip
@click.option(
    "--controls", type=options.PATH, metavar="FILE",
    help="Texts known to be innocent, best other models' answers to the same prompts; 299 or more.",
)  # fmt: skip
@click.option("--show-text", is_flag=True, help="Show the text of matching rows as well.")
@click.option(
    "--marks-key", metavar="REF",
    help="Test for planted marks as well, under this key: env:NAME or file:PATH (see `stillwatch marks`).",
)  # fmt: skip
@options.configured
@options.output("table", "json")
def dataset(
    suspect: Path, ledger: Path, controls: Path | None, show_text: bool, marks_key: str | None, config: Config,
    format_: str, output: Path | None, no_colour: bool,
) -> None:  # fmt: skip
    """Trace the rows of a dataset to what was served.

    SUSPECT is JSONL, JSON, Parquet or CSV: Alpaca, ShareGPT, chat messages, or a column of answers.
    """
    secret = options.required_secret(config)
    from stillwatch.config import resolved
    from stillwatch.service.marking import mark_key
    from stillwatch.service.tracing import trace_dataset

    key = mark_key(resolved(marks_key, "--marks-key")) if marks_key else None
    found = trace_dataset(suspect, ledger, secret, controls=controls, show_text=show_text, marks=key)
    if format_ == "json":
        emit(as_json(found), output)
    else:
        from stillwatch.findings.reports import trace_table

        emit(trace_table.render(found, width=width(), colour=coloured(no_colour, output)), output)
