"""`make bench`: how much the product costs beside the bare thing it is made of, in one run.

Every figure is a ratio of medians measured side by side, because seconds differ from machine to
machine and from minute to minute.
"""

import csv
import io
import json
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np

from recommender import paths
from recommender.corpus import load_corpus
from recommender.evaluation.judgments import BatchQuery, read_queries
from recommender.index.build import Build
from recommender.index.encoder import DEFAULT_MODEL, SentenceEncoder
from recommender.ingest.columns import ALL_SOURCES
from recommender.search.recommender import Recommender, Request

ROUNDS = 5
WARM_UP = 20


def recommendation_ratio(
    recommender: Recommender, queries: Sequence[BatchQuery]
) -> dict[str, float]:
    """One warm recommendation against encoding its raw text; times alternate."""
    bare, whole = [], []
    for round_ in range(ROUNDS):
        for number, query in enumerate(queries):
            request = Request(query.root_cause, query.context.as_context())
            encode = _seconds(partial(recommender.encoder.encode, [query.root_cause]))
            answer = _seconds(partial(recommender.recommend, request))
            if round_ or number >= WARM_UP:
                bare.append(encode)
                whole.append(answer)
    return {
        "median": float(np.median(whole) / np.median(bare)),
        "p99": float(np.quantile(whole, 0.99) / np.quantile(bare, 0.99)),
        "bare_median_ms": float(np.median(bare) * 1000),
        "recommendation_median_ms": float(np.median(whole) * 1000),
    }


def build_ratio() -> dict[str, float]:
    """A cold build, corpus to published index, against encoding the same passages."""
    encoder = SentenceEncoder()
    encoder.encode(["warm"])
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        task = Build(load_corpus(paths.corpus_folder()), DEFAULT_MODEL)
        task.run(Path(folder), encoder, datetime.now(UTC))
        build = time.perf_counter() - start
    texts = [passage.text for passage in task.passages]
    bare = _seconds(lambda: encoder.encode(texts))
    return {"ratio": build / bare, "build_s": build, "encoding_s": bare}


def export_ratio(archive: Path) -> dict[str, float]:
    """Reading the export into checked records against `pandas.read_csv` of its table.

    pandas is timed as called without options, and with `low_memory=False`, which is faster.
    """
    import zipfile

    import pandas as pd

    from recommender.ingest.wwc import FINDINGS_MEMBER, read_wwc_export

    def with_pandas(low_memory: bool) -> None:
        with (
            zipfile.ZipFile(archive) as source,
            source.open(FINDINGS_MEMBER) as table,
            warnings.catch_warnings(),
        ):
            warnings.simplefilter("ignore", pd.errors.DtypeWarning)
            pd.read_csv(table, low_memory=low_memory)

    work = (
        partial(read_wwc_export, archive),
        partial(with_pandas, True),
        partial(with_pandas, False),
    )
    times = [[_seconds(task) for task in work] for _ in range(7)]
    ours, plain, fast = (float(value) for value in np.median(np.array(times), axis=0))
    return {
        "ratio": ours / plain,
        "ratio_low_memory_false": ours / fast,
        "ours_s": ours,
        "pandas_s": plain,
    }


def memory_ratio() -> dict[str, float]:
    """Peak memory of a process after one query against one that only encoded once."""
    encode = (
        "from recommender.index.encoder import SentenceEncoder as E; E().encode(['weak phonics'])"
    )
    answer = (
        "from recommender.search.recommender import Recommender as R, Request as Q;"
        "from recommender import paths; R.open(paths.indexes_folder()).recommend(Q('weak phonics'))"
    )
    ours, bare = _peak_megabytes(answer), _peak_megabytes(encode)
    return {"ratio": ours / bare, "ours_mb": ours, "encoder_mb": bare}


def _peak_megabytes(code: str) -> float:
    measure = f"{code}\nimport resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    done = subprocess.run(
        [sys.executable, "-c", measure], capture_output=True, text=True, check=True
    )
    return int(done.stdout.split()[-1]) / 1024


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sample_archive(folder: Path) -> Path:
    """Write an archive of the export's size and shape from the corpus, for machines without one."""
    import zipfile

    from recommender.ingest.wwc import FINDINGS_MEMBER

    corpus = load_corpus(paths.corpus_folder())
    reviews = {review.review_id: review for review in corpus.evidence.reviews}
    studies = {study.study_id: study for study in corpus.evidence.studies}
    names = {i.intervention_id: i.name for i in corpus.evidence.interventions}
    out = io.StringIO()
    writer = csv.DictWriter(out, ALL_SOURCES, restval="")
    writer.writeheader()
    for f in corpus.evidence.findings:
        review = reviews[f.review_id]
        study = studies[review.study_id]
        writer.writerow(
            {
                "f_FindingID": f.finding_id,
                "ReviewID": f.review_id,
                "f_InterventionID": f.intervention_id,
                "s_interventionID": f.intervention_id,
                "s_Intervention_Name": names[f.intervention_id],
                "f_Outcome_Domain": f.outcome_domain,
                "f_Outcome_Measure": f.outcome_measure,
                "f_Is_Subgroup": f.is_subgroup,
                "f_L1_Unit_of_Analysis": f.unit,
                "f_Effect_Size_WWC": "" if f.effect_size_wwc is None else f.effect_size_wwc,
                "s_StudyID": study.study_id,
                "s_Citation": study.citation,
                "s_Study_Page_URL": "/Study/" + str(study.study_id),
                "s_Protocol": review.protocol,
                "s_Protocol_Version": review.protocol_version,
                "s_Standards_Version": review.standards_version,
                "s_Purpose_of_Review": review.purpose,
                "s_Study_Rating": review.rating,
            }
        )
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(FINDINGS_MEMBER, out.getvalue())
    return path


def run(archive: Path | None) -> dict[str, dict[str, float]]:
    """Measure everything; without an official archive one of the same shape is made."""
    queries = read_queries(paths.corpus_folder() / "judgments" / "development.jsonl")
    results = {"memory": memory_ratio()}
    with tempfile.TemporaryDirectory() as folder:
        results["export"] = export_ratio(archive or sample_archive(Path(folder)))
    recommender = Recommender.open(paths.indexes_folder())
    results["recommendation"] = recommendation_ratio(recommender, queries)
    results["build"] = build_ratio()
    return results


def main() -> None:
    """Print the table as JSON; an archive's path may be given."""
    archive = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    sys.stdout.write(json.dumps(run(archive), indent=2) + "\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stderr.write(f"peak memory of the bench itself: {peak} MB\n")


if __name__ == "__main__":
    main()
