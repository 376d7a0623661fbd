"""Whatever list or model the check reads from the corpus folder is in its stamp."""

import shutil

import pytest

from recommender import paths
from recommender.plan.stamp import make_stamp


@pytest.mark.parametrize(
    "name",
    [
        "plan_cues.yaml",
        "plan_adoption.json",
        "plan_meaning.json",
        "plan_doing.json",
        "plan_lines.json",
        "joined_names.txt",
        "ambiguous_aliases.txt",
        "generic_names.txt",
        "rules/ma-plan.yaml",
    ],
)
def test_a_changed_list_changes_the_stamp(tmp_path, name):
    corpus = tmp_path / "corpus"
    (corpus / "rules").mkdir(parents=True)
    for path in paths.corpus_folder().glob("*.*"):
        shutil.copy(path, corpus)
    for path in (paths.corpus_folder() / "rules").iterdir():
        shutil.copy(path, corpus / "rules")
    before = make_stamp(corpus)
    assert make_stamp(corpus) == before
    (corpus / name).write_bytes((corpus / name).read_bytes() + b"\n")
    assert make_stamp(corpus).lists_sha256 != before.lists_sha256
