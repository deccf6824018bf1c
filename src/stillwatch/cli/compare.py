"""`stillwatch compare`: is a suspect model, or a dataset, made from our outputs?"""

from __future__ import annotations

from pathlib import Path

import click

from stillwatch.cli import options
from stillwatch.cli.output import as_json, emit, emit_case, note
from stillwatch.config import Config
from stillwatch.errors import RemoteError, UsageError


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
    "--endpoints", type=options.PATH, metavar="FILE",
    help="Models to ask over the network, with their budgets (TOML).",
)  # fmt: skip
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
    endpoints: Path | None,
    output: Path,
) -> None:
    """Fix prompts, panel, statistics and alpha before any query."""
    from stillwatch.service.comparing import plan_comparison

    made, cannot = plan_comparison(
        prompts=prompts, panel=panel, suspect=suspect, owner=owner, alpha=alpha, sample=sample, seed=seed,
        endpoints=endpoints,
    )  # fmt: skip
    emit(as_json(made), output)
    for line in cannot:
        note(f"note: {line}")
    note(f"wrote {output}: {len(made.prompts):,} prompts, {len(made.panel)} models, hash {made.hash}")
    ask = "" if made.endpoints else "collect outputs, then "
    note(f"next: {ask}stillwatch compare model {output} --outputs FILE")


@compare.command()
@click.argument("plan_file", type=options.PATH, metavar="PLAN")
@click.option(
    "--outputs", type=options.PATH, multiple=True, metavar="FILE",
    help="Collected outputs: Parquet or JSONL with model, prompt, output; repeat it.",
)  # fmt: skip
@click.option(
    "--suspect-outputs", type=options.PATH, multiple=True, metavar="FILE",
    help="Outputs of the suspect, where they lie apart; a model column is not needed, and nobody is asked.",
)  # fmt: skip
@click.option(
    "--run", "run_folder", type=options.PATH, metavar="DIR",
    help="Where answers of the plan's endpoints are kept (default: compare-<start of the plan's hash>).",
)  # fmt: skip
@click.option("--yes", is_flag=True, help="Ask the plan's endpoints without a question about the cost.")
@click.option("--offline", is_flag=True, help="Ask nobody; judge what the run has.")
@click.option("--price-input", type=click.FloatRange(0), metavar="N", help="Price of a million input tokens.")
@click.option(
    "--price-output", type=click.FloatRange(0), metavar="N", help="Price of a million output tokens."
)
@options.output("table", "json", "html")
def model(
    plan_file: Path, outputs: tuple[Path, ...], suspect_outputs: tuple[Path, ...], run_folder: Path | None, yes: bool,
    offline: bool, price_input: float | None, price_output: float | None, format_: str, output: Path | None,
    no_colour: bool,
) -> None:  # fmt: skip
    """Ask a suspect model under a plan, or take collected outputs, and judge.

    Answers are kept as they come: started again, the command asks only what has no answer yet. It exits with 4 when
    an endpoint ended the run early; the report is written all the same.
    """
    from stillwatch.cli.asking import asked
    from stillwatch.service.collecting import unfinished
    from stillwatch.service.comparing import compare_model, read_plan

    told = read_plan(plan_file)
    folder = run_folder or Path(f"compare-{told.hash[:12]}")
    collected = []
    if told.endpoints and not suspect_outputs:
        collected = asked(told, folder, yes=yes, offline=offline, prices=(price_input, price_output))
    elif not outputs and not suspect_outputs:
        raise UsageError(
            "the plan asks no endpoint, so outputs are needed", where=str(plan_file), hint="give --outputs"
        )
    found = compare_model(plan_file, outputs, suspect_outputs, run=folder, collected=collected)
    emit_case("comparison", found, format_, output, no_colour)
    if unfinished([c.told for c in collected]):
        raise click.exceptions.Exit(RemoteError.exit_code)


@compare.command("plan-dataset")
@click.option("--ledger", type=options.PATH, required=True, metavar="DIR", help="What was served.")
@click.option(
    "--controls", type=options.PATH, metavar="FILE", help="Texts known to be innocent, as they will be used."
)
@click.option(
    "--suspect", type=options.PATH, metavar="FILE", help="The dataset, when it is at hand; only hashed."
)
@click.option("--marks", is_flag=True, help="Planted marks will be tested as well.")
@options.configured
@click.option(
    "-o", "--output", type=options.PATH, default=Path("trace-plan.json"), show_default=True, metavar="FILE",
    help="Where the plan is written.",
)  # fmt: skip
def plan_dataset(
    ledger: Path, controls: Path | None, suspect: Path | None, marks: bool, config: Config, output: Path
) -> None:  # fmt: skip
    """Fix controls, ledger and thresholds of a trace before the dataset is looked at."""
    secret = options.required_secret(config)
    from stillwatch.service.attributing import plan_trace

    made = plan_trace(ledger, secret, suspect=suspect, controls=controls, marks=marks)
    emit(as_json(made), output)
    note(f"wrote {output}: hash {made.hash}")


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
@click.option(
    "--plan",
    "plan_file",
    type=options.PATH,
    metavar="FILE",
    help="Written by `compare plan-dataset`; deviations are named.",
)
@click.option(
    "--workspace", type=options.PATH, metavar="DIR", help="Link traced accounts to the campaigns kept there."
)
@click.option("--show-text", is_flag=True, help="Show the text of matching rows as well.")
@click.option(
    "--served", type=options.PATH, multiple=True, metavar="PATH",
    help="Logs that hold what was served: with --show-text, rows stand beside it.",
)  # fmt: skip
@click.option(
    "--marks-key", metavar="REF",
    help="Test for planted marks as well, under this key: env:NAME or file:PATH (see `stillwatch marks`).",
)  # fmt: skip
@options.configured
@options.output("table", "json", "html")
def dataset(
    suspect: Path, ledger: Path, controls: Path | None, plan_file: Path | None, workspace: Path | None, show_text: bool,
    served: tuple[Path, ...], marks_key: str | None, config: Config, format_: str, output: Path | None, no_colour: bool,
) -> None:  # fmt: skip
    """Trace the rows of a dataset to what was served.

    SUSPECT is JSONL, JSON, Parquet or CSV: Alpaca, ShareGPT, chat messages, or a column of answers.
    """
    secret = options.required_secret(config)
    from stillwatch.config import resolved
    from stillwatch.service.attributing import attributed
    from stillwatch.service.marking import mark_key
    from stillwatch.service.tracing import trace_dataset

    key = mark_key(resolved(marks_key, "--marks-key")) if marks_key else None
    found = trace_dataset(suspect, ledger, secret, controls=controls, show_text=show_text, marks=key)
    found = attributed(found, ledger, secret, plan=plan_file, workspace=workspace, served=served)
    emit_case("trace", found, format_, output, no_colour)


@compare.command()
@click.option(
    "--releases",
    type=options.PATH,
    required=True,
    metavar="FILE",
    help="Public releases of the suspect: CSV of date, name.",
)
@click.option("--harvest", type=options.PATH, metavar="FILE", help="Harvested volume: CSV of date, volume.")
@click.option(
    "--workspace", type=options.PATH, metavar="DIR", help="Or the campaigns of the scans kept there."
)
@click.option(
    "--others",
    type=options.PATH,
    metavar="FILE",
    help="Releases of other makers, as a control: CSV of date, name.",
)
@click.option(
    "--window",
    type=int,
    default=60,
    show_default=True,
    metavar="DAYS",
    help="Days compared before and after.",
)
@click.option(
    "--lag", type=click.IntRange(0, 365), default=0, show_default=True, metavar="DAYS",
    help="Days before a release that do not count.",
)  # fmt: skip
@click.option(
    "--alpha",
    type=click.FloatRange(0, 0.5, min_open=True),
    default=0.05,
    show_default=True,
    help="Error rate.",
)
@options.output("table", "json", "html")
def timeline(
    releases: Path, harvest: Path | None, workspace: Path | None, others: Path | None, window: int, lag: int,
    alpha: float, format_: str, output: Path | None, no_colour: bool,
) -> None:  # fmt: skip
    """Test whether a harvest came before releases, by chance or not.

    A fact in support of others, never a finding alone. Choose the window before looking; one is tested.
    """
    from stillwatch.service.timelines import timeline as tested

    found = tested(
        releases, harvest=harvest, workspace=workspace, others=others, window=window, lag=lag, alpha=alpha
    )
    emit_case("timeline", found, format_, output, no_colour)
