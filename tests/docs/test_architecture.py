"""Imports point one way; the library knows nothing of the web."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

LAYERS = [
    {"errors", "records", "text", "atomic", "paths"},
    {"ingest", "evidence"},
    {"corpus"},
    {"index", "tags", "guidance"},
    {"search"},
    {"wire"},
    {"plan"},
    {"audit"},
    {"evaluation"},
    {"console"},
    {"cli", "cli_corpus", "cli_plan", "cli_service", "cli_shared"},
]
RANK = {name: i for i, layer in enumerate(LAYERS) for name in layer}


def _modules():
    return sorted((ROOT / "recommender").rglob("*.py"))


def _all_modules():
    return sorted([*_modules(), *(ROOT / "service").rglob("*.py")])


def _imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def _layer(path):
    return path.relative_to(ROOT / "recommender").parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", _modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_imports_point_down(path):
    own = _layer(path)
    if own == "__init__":
        return
    for module in _imports(path):
        parts = module.split(".")
        if parts[0] == "service":
            assert own == "cli_service", f"{path.name} imports the web layer"
        if parts[0] == "recommender" and len(parts) > 1 and parts[1] in RANK:
            assert RANK[parts[1]] <= RANK[own], f"{own} must not import {parts[1]}"


def test_every_layer_is_placed():
    assert {_layer(p) for p in _modules()} - {"__init__"} <= set(RANK)


@pytest.mark.parametrize("path", _all_modules(), ids=lambda p: str(p.relative_to(ROOT)))
def test_modules_stay_small(path):
    assert len(path.read_text("utf-8").splitlines()) <= 300


def test_evidence_is_pure():
    """No files, no clock, no chance in the tier engine."""
    for path in (ROOT / "recommender" / "evidence").glob("*.py"):
        banned = {"pathlib", "os", "random", "time", "datetime", "sqlite3"}
        assert not banned & {m.split(".")[0] for m in _imports(path)}, path.name
