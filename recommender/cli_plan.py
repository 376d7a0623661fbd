"""Commands on plans: `check`, `audit`, `replay`."""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.text import Text

from recommender import paths
from recommender.atomic import write_bytes
from recommender.cli_shared import JsonFlag, out, print_json, progress_bar
from recommender.errors import BadInput, WorkFailed
from recommender.records import GRADES, normal_grade

# More than any machine's cores: a slip of the finger, and each worker holds an index.
MOST_WORKERS = 256
SHOWN_CHANGES = 20
RuleOption = Annotated[
    str | None,
    typer.Option(help="Rule of the money; else the plan's own, else ma-plan."),
]
GradeOption = Annotated[
    list[str] | None, typer.Option(help="Grade of the school, instead of what the plan says.")
]


def check(
    plan: Annotated[Path, typer.Argument(help="A plan: docx, pdf, xlsx, pptx, csv, txt or json.")],
    rule: RuleOption = None,
    grade: GradeOption = None,
    report: Annotated[
        Path | None, typer.Option(help="Also write a printable page, .html or .pdf.")
    ] = None,
    as_json: JsonFlag = False,
) -> None:
    """Say whether a plan holds a strategy with evidence, with the proof beside each answer."""
    from recommender.audit.desk import Desk
    from recommender.plan.document import document_json, read_document
    from recommender.plan.report import make_page, report_lines

    settings = _settings(rule, grade)
    _check_suffix(report, (".html", ".pdf"), "--report")
    # What is wrong with the file is said before the index is loaded.
    document = read_document(plan, settings.rule_id, settings.grades)
    record = document_json(Desk(settings).check(document))
    if report is not None:
        write_bytes(report, _report(record, report.suffix.lower()))
    if as_json:
        print_json(record)
        return
    for line in report_lines(make_page(record)):
        out.print(Text(line))
    if report is not None:
        out.print(Text(f"Report written to {report}"))


def audit(
    folder: Annotated[Path, typer.Argument(help="Folder with plans; folders in it count too.")],
    output: Annotated[Path, typer.Option(help="Workbook (.xlsx) or JSON Lines (.jsonl).")],
    rule: RuleOption = None,
    grade: GradeOption = None,
    compare: Annotated[
        Path | None, typer.Option(help="JSON Lines of an older audit; lists what changed.")
    ] = None,
    journal: Annotated[
        Path | None, typer.Option("--journal", "--resume", help="Else OUTPUT.journal.")
    ] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; else one a core.")] = None,
) -> None:
    """Check every plan in a folder; stopped or killed, it goes on where it was when run again."""
    from recommender.audit.files import find_plans
    from recommender.audit.journal import Journal
    from recommender.audit.overview import look_over
    from recommender.audit.results import ResultFile
    from recommender.audit.run import read_basis, run_audit

    _check_suffix(output, (".xlsx", ".jsonl"), "--output")
    _check_workers(workers)
    settings = _settings(rule, grade)
    basis = read_basis(settings)
    older = ResultFile(compare) if compare is not None else None
    journal_path = journal or output.with_name(output.name + ".journal")
    files = find_plans(folder, [output, journal_path, changes_path(output), *_given(compare)])
    with Journal(journal_path, basis.run) as kept:
        with progress_bar() as progress:
            bar = progress.add_task("Plans", total=len(files))
            checked = run_audit(
                files,
                kept,
                settings,
                workers or os.cpu_count() or 1,
                lambda count: progress.advance(bar, count),
            )
        overview = look_over((file.name for file in files), kept)
        _write_audit(output, overview, kept, basis, older)
    out.print(f"{len(files)} files, {len(files) - checked} of them finished before")
    _end_audit(overview)


def replay(
    result: Annotated[Path, typer.Argument(help="Result of check --json, or of an audit.")],
    output: Annotated[Path | None, typer.Option(help="Write the results made again.")] = None,
) -> None:
    """Check stored results again: the same bytes with the same index, or where they differ."""
    from recommender.audit.replay import open_for, replay_all

    differing = count = 0
    again = []
    for one in replay_all(result, open_for(paths.indexes_folder(), paths.corpus_folder())):
        count += 1
        differing += not one.is_same
        if not one.is_same:
            out.print(Text(f"{one.file}: differs in {', '.join(one.differs_in)}"))
        if output is not None:
            again.append(one.again)
    if output is not None:
        _write_again(result, output, again)
    out.print(f"{count} results made again, {count - differing} of them the same byte for byte")
    if differing:
        raise WorkFailed(f"{result}: {differing} of {count} results differ when made again")


def _settings(rule: str | None, grades: list[str] | None) -> Any:
    from recommender.audit.desk import AuditSettings
    from recommender.plan.rules import read_rule

    corpus = paths.corpus_folder()
    if rule is not None:
        read_rule(rule, corpus)
    found = tuple(normal_grade(grade) for grade in grades or ())
    for name in found:
        if name not in GRADES:
            raise BadInput(f"--grade: found {name!r}, expected one of {', '.join(GRADES)}")
    return AuditSettings(paths.indexes_folder(), corpus, rule, found)


def _check_suffix(path: Path | None, expected: tuple[str, ...], option: str) -> None:
    if path is not None and path.suffix.lower() not in expected:
        raise BadInput(
            f"{option}: found {path.name!r}, expected a name that ends in {' or '.join(expected)}"
        )


def _report(record: dict[str, Any], suffix: str) -> bytes:
    from recommender.plan.report import make_page, report_html, report_pdf

    page = make_page(record)
    return report_pdf(page) if suffix == ".pdf" else report_html(page).encode("utf-8")


def changes_path(output: Path) -> Path:
    """Return where the changes against an older audit go, beside JSON Lines."""
    return output.with_name(output.stem + ".changes.jsonl")


def _given(path: Path | None) -> list[Path]:
    return [] if path is None else [path]


def _check_workers(workers: int | None) -> None:
    if workers is not None and not 1 <= workers <= MOST_WORKERS:
        raise BadInput(f"--workers: found {workers}, expected 1 to {MOST_WORKERS}")


def _write_audit(output: Path, overview: Any, kept: Any, basis: Any, older: Any) -> None:
    from recommender.audit.compare import compare_files
    from recommender.audit.lines import write_lines
    from recommender.audit.overview import final_records
    from recommender.audit.workbook import write_workbook

    changes = None
    if older is not None:
        changes = list(compare_files(older, overview.files, kept))
        _print_changes(changes)
    if output.suffix.lower() == ".xlsx":
        write_workbook(output, overview, kept, basis, datetime.now(UTC), changes)
        return
    write_lines(output, final_records(overview, kept))
    if changes is not None:
        write_lines(changes_path(output), changes)


def _print_changes(changes: list[Any]) -> None:
    out.print(f"{len(changes)} verdicts changed")
    for one in changes[:SHOWN_CHANGES]:
        where = one.file if one.strategy_id is None else f"{one.file}, {one.strategy_id}"
        moved = f"{one.before or 'none'} -> {one.after or 'none'}"
        out.print(Text(f"  {where}: {moved} ({'; '.join(one.why)})"))
    if len(changes) > SHOWN_CHANGES:
        out.print(f"  and {len(changes) - SHOWN_CHANGES} more in the report")


def _end_audit(overview: Any) -> None:
    from recommender.audit.sheets import summary_rows

    for what, count in summary_rows(overview, None):
        if count:
            out.print(Text(f"{count:>7}  {what}"))
    if faults := overview.errors.get("fault", 0):
        raise WorkFailed(
            f"the check broke down on {faults} files; the report names them, and they count as "
            "not checked"
        )


def _write_again(result: Path, output: Path, again: list[Any]) -> None:
    from recommender.audit.lines import write_lines

    if result.suffix.lower() == ".json":
        write_bytes(output, as_printed(again[0]).encode("utf-8"))
    else:
        write_lines(output, again)


def as_printed(record: Any) -> str:
    """Return a result as `check --json` prints it."""
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
