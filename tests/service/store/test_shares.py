"""Links: whoever has one reads one plan, until it is revoked."""

import pytest

from service.store import NotFound
from service.store.ids import digest
from tests.service.store.conftest import STATE


def test_a_link_shows_the_plan_as_it_is_now(store, draft, answer):
    plan = store.plans.create(STATE, draft("one"))
    share, token = store.shares.create(STATE, plan.plan_id)
    assert len(token) == 43
    shown = store.shares.open(token)
    assert (shown.share, shown.plan, shown.check) == (share, plan, None)
    changed = store.plans.update(STATE, plan.plan_id, 1, draft("two"))
    check = store.checks.save(STATE, plan.plan_id, 2, answer("meets"))
    shown = store.shares.open(token)
    assert (shown.plan, shown.check) == (changed, check)


def test_a_revoked_link_shows_nothing(store, draft):
    plan = store.plans.create(STATE, draft("one"))
    share, token = store.shares.create(STATE, plan.plan_id)
    other, other_token = store.shares.create(STATE, plan.plan_id)
    revoked = store.shares.revoke(STATE, share.share_id)
    assert revoked.revoked_at is not None
    assert store.shares.revoke(STATE, share.share_id) == revoked
    with pytest.raises(NotFound):
        store.shares.open(token)
    assert store.shares.open(other_token).share == other
    assert store.shares.list(STATE, plan.plan_id) == (revoked, other)


@pytest.mark.parametrize("token", ["", "x", "A" * 43, "A" * 44, "é" * 43, "\0" * 43, "' or 1=1 --"])
def test_a_guess_shows_nothing(store, draft, token):
    store.shares.create(STATE, store.plans.create(STATE, draft("one")).plan_id)
    with pytest.raises(NotFound):
        store.shares.open(token)


def test_the_token_s_hash_does_not_open_the_link(store, draft):
    _, token = store.shares.create(STATE, store.plans.create(STATE, draft("one")).plan_id)
    with pytest.raises(NotFound):
        store.shares.open(digest(token)[:43])


def test_tokens_are_not_kept(store, draft, whole_database):
    _, token = store.shares.create(STATE, store.plans.create(STATE, draft("one")).plan_id)
    content = whole_database(store)
    assert digest(token).encode() in content
    assert token.encode() not in content


def test_no_such_link_to_revoke(store):
    with pytest.raises(NotFound):
        store.shares.revoke(STATE, "none")
