"""Commands that make the corpus and the index: `ingest`, `build`, `tiers`."""

import csv
import io
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from recommender import paths
from recommender.atomic import write_text
from recommender.cli_shared import JsonFlag, builtins, out, print_json, progress_bar
from recommender.errors import BadInput

ingest_app = typer.Typer(no_args_is_help=True, help="Read official sources into the corpus.")


@ingest_app.command("wwc")
def ingest_wwc(
    archive: Annotated[Path, typer.Argument(help="The WWC's export archive (zip).")],
    as_json: JsonFlag = False,
) -> None:
    """Read the official WWC export into corpus/evidence/."""
    from recommender.console import print_update
    from recommender.ingest.update import ingest_wwc as ingest

    update = ingest(archive, paths.corpus_folder())
    if as_json:
        print_json(
            {
                "source": builtins(update.source),
                "rows": update.account.rows,
                "merged": dict(update.account.merged),
                "set_aside": [str(r) for r in update.account.set_aside],
                "refused": [str(r) for r in update.account.refusals],
                "changes": builtins(update.changes),
            }
        )
    else:
        print_update(out, update)


@ingest_app.command("guides")
def ingest_guides(
    files: Annotated[list[Path], typer.Argument(help="Practice-guide facts (JSON Lines).")],
    dated: Annotated[str, typer.Option(help="Date of the facts, such as 2025-08-25.")],
) -> None:
    """Read practice-guide facts into corpus/evidence/."""
    from recommender.ingest.update import ingest_guides as ingest

    try:
        day = date.fromisoformat(dated)
    except ValueError:
        raise BadInput(f"--dated: found {dated!r}, expected a date such as 2025-08-25") from None
    recommendations = ingest(tuple(files), paths.corpus_folder(), day)
    out.print(f"{len(recommendations)} recommendations kept")


def build(
    force: Annotated[bool, typer.Option(help="Build even if the index is up to date.")] = False,
    model: Annotated[str, typer.Option(help="Encoder by name or path.")] = "all-MiniLM-L6-v2",
) -> None:
    """Build the index from the corpus; the old one serves until the new one is whole."""
    from recommender.corpus import load_corpus
    from recommender.index.build import Build, is_current

    root = paths.indexes_folder()
    task = Build(load_corpus(paths.corpus_folder()), model)
    if not force and is_current(root, task.build_id):
        out.print(f"Index {task.build_id} is up to date")
        return
    from recommender.index.encoder import SentenceEncoder

    with progress_bar() as progress:
        bar = progress.add_task("Encoding passages", total=len(task.passages))
        task.run(
            root, SentenceEncoder(model), datetime.now(UTC), lambda n: progress.advance(bar, n)
        )
    out.print(f"Built index {task.build_id}: {len(task.passages)} passages")


def tiers(
    archive: Annotated[Path, typer.Argument(help="The WWC's export archive (zip).")],
    as_json: JsonFlag = False,
    findings: Annotated[Path | None, typer.Option(help="Write every finding to this CSV.")] = None,
) -> None:
    """Compare the tiers that our rules derive with those that the WWC published."""
    from recommender.console import print_agreement
    from recommender.evidence.agreement import compare_tiers
    from recommender.evidence.tiers import decide_findings
    from recommender.ingest.wwc import read_wwc_export
    from recommender.wire import agreement_json

    evidence = read_wwc_export(archive).evidence
    reviews = {review.review_id: review for review in evidence.reviews}
    rows = compare_tiers(evidence.findings, reviews, decide_findings(evidence.findings, reviews))
    if findings is not None:
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(["finding_id", "published", "derived", "cause"])
        writer.writerows((r.finding_id, r.published, r.derived, r.cause) for r in rows)
        write_text(findings, table.getvalue())
    if as_json:
        print_json(agreement_json(rows))
    else:
        print_agreement(out, rows)
