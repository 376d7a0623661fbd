"""Stored results made by hand, with what the audit reads of them."""

import hashlib


def strategy(verdict="needs_review", text="Tutoring in reading", **fields):
    plain = {
        "id": "s1",
        "verdict": verdict,
        "text": text,
        "tier": None,
        "practice": None,
        "confidence": None,
        "quote": text,
        "finding": None,
        "guide_url": None,
        "turnaround_practices": [],
        "reasons": [],
        "question": None,
        "place": "paragraph 1",
        "heading_practice": None,
    }
    return plain | fields


def record(file="a.docx", *strategies, verdict="needs_review", **fields):
    numbered = [one | {"id": f"s{n}"} for n, one in enumerate(strategies, start=1)]
    plain = {
        "file": file,
        "sha256": hashlib.sha256(repr((file, numbered)).encode()).hexdigest(),
        "kind": "docx",
        "verdict": verdict,
        "has_tier_1_3": {"meets": True, "does_not_meet": False}.get(verdict),
        "rule": {"id": "ma-plan", "name": "Plan of a school", "asks": "at least one"},
        "strategies": numbered,
        "turnaround_practices": {"covered": [], "missing": [1, 2, 3, 4]},
        "index": {"build_id": "b1", "evidence_date": "2025-08-25", "built_at": "2026-01-02"},
        "school": {"name": None, "grades": ["3"]},
        "sections": [{"name": "monitoring", "found": False, "place": None}],
        "notes": [],
        "suggestions": [],
        "duplicates": None,
        "check": {
            "version": "1",
            "program_sha256": "p",
            "lists_sha256": "l",
            "thresholds": {"name": 0.8, "guide": 0.9},
        },
    }
    return plain | fields


def failed(file="x.pdf", detail="x.pdf: damaged PDF", sha256="00"):
    error = {"kind": "unreadable", "detail": detail}
    return {"file": file, "sha256": sha256, "error": error, "duplicates": None}
