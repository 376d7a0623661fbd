"""Library answers -> readable tables for people. Nothing here decides anything."""

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from recommender.evaluation.evaluate import Evaluation
from recommender.evidence.agreement import (
    Comparison,
    agreement,
    agreement_by_version,
    cross_table,
    is_current,
)
from recommender.evidence.flags import MEANING
from recommender.evidence.rules import RULES
from recommender.index.catalogue import Card, EvidenceFile
from recommender.ingest.update import Update
from recommender.ingest.wwc import MAX_LISTED
from recommender.search.evidence_map import MapRow
from recommender.search.explain import tier_words
from recommender.search.recommender import Answer

LABELS = (None, 1, 2, 3)


def print_update(console: Console, update: Update) -> None:
    """Print what an ingest read, kept, merged and refused, and what changed."""
    account = update.account
    console.print(f"{update.source.name}, dated {update.source.date}: {account.rows} rows read")
    table = Table("table", "kept", "new", "gone", "changed", "fields that changed")
    for change in update.changes:
        counts = (change.total, len(change.added), len(change.removed), len(change.changed))
        named = ", ".join(f"{name} ({count})" for name, count in change.changed_fields[:4])
        table.add_row(change.table, *map(str, counts), named)
    console.print(table)
    for what, count in sorted(account.merged.items()):
        console.print(f"Merged: {count} {what}")
    for title, rows in (
        ("Cells set aside as unknown", account.set_aside),
        ("Rows refused", account.refusals),
    ):
        console.print(f"{title}: {len(rows)}")
        for row in rows[:MAX_LISTED]:
            console.print(Text(f"  {row}"))


def print_agreement(console: Console, rows: tuple[Comparison, ...]) -> None:
    """Print derived tiers against published ones."""
    counts = cross_table(rows)
    table = Table("WWC \\ ours", *(_label(label) for label in LABELS), title="Findings")
    for published in LABELS:
        cells = (str(counts.get((published, derived), 0)) for derived in LABELS)
        table.add_row(_label(published), *cells)
    console.print(table)
    versions = Table("standards", "findings", "agree", "share")
    named = [(f"version {v}", a) for v, a in agreement_by_version(rows).items()]
    named.append(("2.1 to 4.1", agreement(row for row in rows if is_current(row))))
    named.append(("all", agreement(rows)))
    for name, found in named:
        versions.add_row(name, str(found.findings), str(found.agree), f"{found.share:.2%}")
    console.print(versions)


def print_answer(console: Console, answer: Answer) -> None:
    """Print ranked practices with their reasons."""
    if answer.no_good_match:
        console.print("[bold]No good match.[/bold] Nothing in the collection is about this cause.")
        if answer.results:
            console.print("The nearest practices, none of them close:")
    for result in answer.results:
        console.print(
            Text(f"{result.rank}. {result.name}", style="bold"),
            Text(f"  {result.practice_id}", style="dim"),
        )
        confirmed = "" if result.tier_confirmed or not result.tier else ", not confirmed"
        line = f"   {tier_words(result.tier)}"
        if result.tier:
            line += f", source: {result.tier_source}{confirmed}"
        if result.tier_for_need and result.tier_for_need != result.tier:
            line += f"; for this need {tier_words(result.tier_for_need)}"
        if result.tier_outcomes:
            line += f", on {', '.join(result.tier_outcomes).lower()}"
        if result.tier_in_school and result.tier_in_school != result.tier:
            line += f"; in this school {tier_words(result.tier_in_school)}"
        console.print(Text(line))
        for reason in result.why:
            console.print(Text(f"   + {reason}"))
        for caution in result.cautions:
            console.print(Text(f"   ! {caution}", style="yellow"))
    index = answer.index
    console.print(f"[dim]Evidence of {index.evidence_date}, index {index.build_id}[/dim]")


def print_practice(console: Console, card: Card, evidence: EvidenceFile) -> None:
    """Print one practice with its domains and the tests of each finding that decides."""
    practice, profile = card.practice, card.profile
    console.print(Text(practice.name, style="bold"), Text(practice.practice_id, style="dim"))
    console.print(f"{tier_words(practice.tier)}, source: {practice.tier_source}")
    if profile:
        console.print(Text(f"{profile.summary} ({profile.basis})"))
    if practice.guide is not None:
        known = practice.guide.level or "not known"
        verified = "verified" if practice.guide.level_verified else "not confirmed"
        console.print(f"Level of evidence: {known} ({verified}), guide of {practice.guide.year}")
    for flag in practice.flags:
        console.print(Text(f"! {MEANING[flag]}", style="yellow"))
    if practice.domains:
        console.print(_domains(card))
    console.print(practice.url)
    for detail in evidence.findings:
        deciding = {d.counted[0].finding_id for d in practice.domains if d.counted}
        if detail.finding.finding_id in deciding:
            finding = detail.finding
            console.print(
                Text(f"\nFinding {finding.finding_id}, {finding.outcome_domain}: ours "),
                Text(
                    f"{tier_words(detail.decision.tier)}, WWC {tier_words(finding.published_tier)}"
                ),
            )
            for test in detail.decision.tests:
                mark = "passed" if test.passed else "FAILED"
                console.print(Text(f"  {mark}  {RULES[test.test].asks}: {test.seen}"))


def _domains(card: Card) -> Table:
    table = Table("outcome domain", "tier", "status", "WWC", "+ / 0 / -", "studies", "cautions")
    for d in card.practice.domains:
        counts = f"{d.counts.positive} / {d.counts.null} / {d.counts.negative}"
        flags = ", ".join(flag.replace("_", " ") for flag in d.flags)
        cells = (_label(d.tier), d.status, _label(d.published_tier), counts, str(d.studies), flags)
        table.add_row(d.outcome_domain, *cells)
    return table


def print_map(console: Console, rows: Iterable[MapRow]) -> None:
    """Print counts of practices by outcome area, grade band and tier."""
    table = Table("outcome", "grades", "tier 1", "tier 2", "tier 3", "studied, no tier")
    for row in rows:
        name = row.area if row.outcome_domain is None else f"  {row.outcome_domain}"
        counts = (row.tier_1, row.tier_2, row.tier_3, row.studied_without_tier)
        table.add_row(name, row.grade_band, *(str(count) if count else "-" for count in counts))
    console.print(table)


def print_evaluation(console: Console, evaluations: Iterable[tuple[str, Evaluation]]) -> None:
    """Print one table a set of passages."""
    for title, evaluation in evaluations:
        names = list(evaluation.systems[0].means)
        table = Table("system", *names, "ours minus it, 95%", title=title)
        for row in evaluation.systems:
            interval = (
                ""
                if row.ours_minus is None or row.interval is None
                else f"{row.ours_minus:+.3f} ({row.interval[0]:+.3f} to {row.interval[1]:+.3f})"
            )
            table.add_row(row.system, *(f"{row.means[n]:.3f}" for n in names), interval)
        console.print(table)
        if evaluation.themes:
            systems = list(evaluation.themes[0].ndcg)
            themes = Table("theme (nDCG@10)", "queries", *systems)
            for theme in evaluation.themes:
                cells = (f"{theme.ndcg[s]:.3f}" for s in systems)
                themes.add_row(theme.theme, str(theme.queries), *cells)
            console.print(themes)


def _label(tier: int | None) -> str:
    return "none" if tier is None else str(tier)
