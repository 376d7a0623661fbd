"""A report as lines for a terminal."""

from collections.abc import Iterator

from recommender.plan.report.page import CAVEAT, ReportPage, StrategyRow


def report_lines(page: ReportPage) -> Iterator[str]:
    """Yield the whole report, a line at a time; no line holds a line break."""
    yield f"{page.file}: {page.verdict_words}"
    yield page.answer
    yield f"Rule: {page.rule}. School: {page.school}."
    for row in page.strategies:
        yield ""
        yield from _strategy(row)
    yield ""
    yield "Strategies: " + ", ".join(f"{count} {words}" for words, count in page.counts)
    yield f"Turnaround practices covered: {'; '.join(page.covered) or 'none'}"
    yield f"Turnaround practices missing: {'; '.join(page.missing) or 'none'}"
    if page.sections_found or page.sections_missing:
        yield f"Sections found: {'; '.join(page.sections_found) or 'none'}"
        yield f"Sections not found: {'; '.join(page.sections_missing) or 'none'}"
    for note in page.notes:
        yield f"Note: {note}"
    yield f"{page.basis}. {CAVEAT}"


def _strategy(row: StrategyRow) -> Iterator[str]:
    where = f" ({row.place})" if row.place else ""
    yield f"{row.strategy_id}  {row.words.upper()}{where}"
    yield f"    “{row.text}”"
    parts = (
        ("Decided by", row.quote and f"“{row.quote}”"),
        ("Practice", row.practice),
        ("Tier in this school", row.tier),
        ("Finding", row.citation),
    )
    yield from (f"    {name}: {value}" for name, value in parts if value)
    yield from (f"    + {reason}" for reason in row.reasons)
    if row.question:
        yield f"    ? {row.question}"
    yield from (f"    Could serve the same aim: {one}" for one in row.suggestions)
