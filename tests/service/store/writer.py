"""Run as a process by the durability test: writes, and says so only after each write is done."""

import sys

from recommender.plan.verdicts import Verdict
from recommender.records import Context
from service.store import PlanDraft, SavedStrategy, Scope, Store
from service.store.audit_records import NewFile
from service.store.ids import digest

SCOPE = Scope.state("writer", "Writer")


def answer():
    return {
        "has_tier_1_3": None,
        "verdict": "needs_review",
        "rule": {"id": "ma-plan"},
        "strategies": [{"id": "s1", "verdict": "needs_review", "turnaround_practices": []}],
        "index": {"build_id": "build-1"},
    }


def main(url):
    store = Store.open(url)

    def say(*words):
        sys.stdout.write(" ".join(map(str, words)) + "\n")
        sys.stdout.flush()

    say("ready")
    number = 0
    while True:
        number += 1
        draft = PlanDraft(f"Plan {number}", Context(), (SavedStrategy("s1", "Some text"),))
        plan = store.plans.create(SCOPE, draft)
        say("plan", plan.plan_id, 1)
        check = store.checks.save(SCOPE, plan.plan_id, 1, answer())
        say("check", check.check_id, check.sha256)
        store.decisions.decide(SCOPE, plan.plan_id, "s1", Verdict.DOES_NOT_MEET, "because")
        say("decision", plan.plan_id, number)
        content = f"content {number}".encode() * 50
        batch = store.batches.create(SCOPE, "Fall", "ma-plan", [NewFile("a.docx", content)])
        say("batch", batch.batch_id, digest(content))
        store.plans.update(SCOPE, plan.plan_id, 1, PlanDraft(f"Plan {number} again"))
        say("plan", plan.plan_id, 2)


if __name__ == "__main__":
    main(sys.argv[1])
