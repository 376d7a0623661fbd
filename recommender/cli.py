"""The `recommender` command. Exit status: 0 done, 1 the work failed, 2 bad input or usage."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from recommender import paths
from recommender.atomic import write_text
from recommender.cli_corpus import build, ingest_app, tiers
from recommender.cli_plan import audit, check, replay
from recommender.cli_service import keys_app, serve, store_app
from recommender.cli_shared import JsonFlag, builtins, out, print_json, progress_bar
from recommender.errors import BadInput, RecommenderError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Tested strategies for the root causes in school improvement plans.",
)
app.add_typer(ingest_app, name="ingest")
app.add_typer(keys_app, name="keys")
app.add_typer(store_app, name="store")
app.command()(build)
app.command()(tiers)
app.command()(serve)
app.command()(check)
app.command()(audit)
app.command()(replay)


def main() -> None:
    """Run the command; a failure is one line on standard error and an exit status."""
    try:
        app()
    except RecommenderError as error:
        sys.stderr.write(f"recommender: {' '.join(str(error).split())}\n")
        sys.exit(error.exit_status)
    except BrokenPipeError:
        sys.exit(1)


@app.command()
def recommend(
    text: Annotated[str | None, typer.Argument(help="The root cause, in your own words.")] = None,
    grade: Annotated[list[str] | None, typer.Option(help="Grade of the school.")] = None,
    subject: Annotated[list[str] | None, typer.Option(help="Subject, such as math.")] = None,
    group: Annotated[list[str] | None, typer.Option(help="Student group.")] = None,
    urbanicity: Annotated[str | None, typer.Option(help="urban, suburban or rural.")] = None,
    state: Annotated[str, typer.Option(help="Two-letter state.")] = "MA",
    tier: Annotated[list[int] | None, typer.Option(help="Only these evidence tiers.")] = None,
    turnaround_practice: Annotated[
        list[int] | None, typer.Option(help="Only these turnaround practices.")
    ] = None,
    limit: Annotated[int, typer.Option(help="How many results, 1 to 100.")] = 10,
    by_family: Annotated[bool, typer.Option(help="One practice a family.")] = False,
    batch: Annotated[Path | None, typer.Option(help="Root causes as JSON Lines.")] = None,
    output: Annotated[Path | None, typer.Option(help="Where a batch's results go.")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Return tested practices for a root cause, or for many with --batch."""
    from recommender.console import print_answer
    from recommender.records import Context, normal_grade
    from recommender.search.recommender import Filters, Recommender, Request, check_request
    from recommender.wire import answer_json

    filters = Filters(tuple(tier or ()), tuple(turnaround_practice or ()))
    if (text is None) == (batch is None):
        raise BadInput("expected a root cause in quotes, or --batch QUERIES.jsonl, one of the two")
    if batch is not None:
        _recommend_batch(batch, output, Request("-", filters=filters, limit=limit))
        return
    grades = tuple(normal_grade(g) for g in grade or ())
    context = Context(grades, tuple(subject or ()), tuple(group or ()), urbanicity, state)
    request = Request(text or "", context, filters, limit, by_family)
    check_request(request)
    answer = Recommender.open(paths.indexes_folder()).recommend(request)
    if as_json:
        print_json(answer_json(answer))
    else:
        print_answer(out, answer)


def _recommend_batch(batch: Path, output: Path | None, shared: Any) -> None:
    from dataclasses import replace

    from recommender.evaluation.judgments import read_queries
    from recommender.search.recommender import Recommender, check_request
    from recommender.wire import answer_json

    if output is None:
        raise BadInput("--batch needs --output RESULTS.jsonl")
    queries = read_queries(batch)
    requests = [
        (q.qid, replace(shared, root_cause=q.root_cause, context=q.context.as_context()))
        for q in queries
    ]
    faults = []
    for qid, request in requests:
        try:
            check_request(request)
        except BadInput as error:
            faults.append(f"{qid}: {error}")
    if faults:
        raise BadInput(f"{batch}: " + "; ".join(faults[:10]))
    recommender = Recommender.open(paths.indexes_folder())
    lines = []
    with progress_bar() as progress:
        bar = progress.add_task("Root causes", total=len(requests))
        for qid, request in requests:
            body = answer_json(recommender.recommend(request))
            lines.append(json.dumps({"qid": qid, **body}, ensure_ascii=False))
            progress.advance(bar)
    write_text(output, "".join(line + "\n" for line in lines))


@app.command()
def show(
    practice_id: Annotated[str, typer.Argument(help="Such as wwc-intervention:209.")],
    as_json: JsonFlag = False,
) -> None:
    """Show one practice with its evidence and the tier decision, test by test."""
    from recommender.console import print_practice
    from recommender.errors import UnknownPractice
    from recommender.index.catalogue import Catalogue
    from recommender.index.store import current_build, read_manifest
    from recommender.wire import practice_json

    build_paths = current_build(paths.indexes_folder())
    read_manifest(build_paths)
    catalogue = Catalogue(build_paths.catalogue)
    evidence = catalogue.evidence_file(practice_id)
    card = next((c for c in catalogue.cards() if c.practice.practice_id == practice_id), None)
    if card is None:
        raise UnknownPractice(f"{practice_id!r}: no such practice")
    if as_json:
        print_json(practice_json(card, evidence))
    else:
        print_practice(out, card, evidence)


@app.command("map")
def show_map(
    grade_band: Annotated[str | None, typer.Option(help="PK, K-2, 3-5, 6-8 or 9-12.")] = None,
    domains: Annotated[bool, typer.Option(help="Also every outcome domain.")] = False,
    as_json: JsonFlag = False,
) -> None:
    """Count practices by outcome area, grade band and tier: where evidence is, and is not."""
    from recommender.console import print_map
    from recommender.index.store import load_index
    from recommender.search.evidence_map import GRADE_BANDS, evidence_map

    if grade_band is not None and grade_band not in GRADE_BANDS:
        expected = ", ".join(GRADE_BANDS)
        raise BadInput(f"--grade-band: found {grade_band!r}, expected one of {expected}")
    index = load_index(paths.indexes_folder())
    rows = [
        row
        for row in evidence_map(index.cards, index.areas)
        if grade_band in (None, row.grade_band) and (domains or row.outcome_domain is None)
    ]
    if as_json:
        print_json({"rows": builtins(rows)})
    else:
        print_map(out, rows)


@app.command()
def evaluate(
    queries: Annotated[Path | None, typer.Option(help="Root causes (JSON Lines).")] = None,
    qrels: Annotated[Path | None, typer.Option(help="Judgments (TREC qrels).")] = None,
    as_json: JsonFlag = False,
) -> None:
    """Measure the ranking beside the baselines; the development set unless files are given."""
    from recommender.console import print_evaluation
    from recommender.evaluation.evaluate import evaluate as run
    from recommender.evaluation.judgments import read_qrels, read_queries
    from recommender.index.documents import RECORD_KINDS, PassageKind
    from recommender.search.recommender import Recommender

    if (queries is None) != (qrels is None):
        raise BadInput("--queries and --qrels go together")
    folder = paths.corpus_folder() / "judgments"
    asked = read_queries(queries or folder / "development.jsonl")
    judged = read_qrels(qrels or folder / "development.qrels")
    recommender = Recommender.open(paths.indexes_folder())
    sets = (("the same passages", tuple(PassageKind)), ("record passages", tuple(RECORD_KINDS)))
    results = []
    with progress_bar() as progress:
        bar = progress.add_task("Root causes", total=len(judged) * len(sets))
        for title, kinds in sets:
            found = run(recommender, asked, judged, kinds, lambda: progress.advance(bar))
            results.append((f"Baselines over {title}", found))
    if as_json:
        print_json({title: builtins(found) for title, found in results})
    else:
        print_evaluation(out, results)
