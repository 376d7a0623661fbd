"""Keys: shown once, kept hashed, ended at once."""

import pytest

from recommender.errors import BadInput
from service.store import NotFound, Role
from service.store.ids import digest
from service.store.keys import KEY_PATTERN


def test_a_key_is_found_by_its_text_only(store):
    made, plain = store.keys.create("Portal  of the north ", Role.PORTAL, ["North  District"])
    assert KEY_PATTERN.fullmatch(plain)
    assert store.keys.find(plain) == made == store.keys.get(made.key_id)
    assert (made.name, made.role, made.districts) == (
        "Portal of the north", Role.PORTAL, ("North District",))  # fmt: skip
    for wrong in (plain.upper(), plain[:-1], plain + "a", digest(plain), made.key_id, "", "er_"):
        assert store.keys.find(wrong) is None


def test_keys_are_not_kept(store, whole_database, caplog):
    with caplog.at_level("DEBUG"):
        _, plain = store.keys.create("Reader", Role.READER)
        store.keys.find(plain)
    content = whole_database(store)
    assert digest(plain).encode() in content
    assert plain.encode() not in content
    assert plain not in caplog.text


def test_keys_differ(store):
    assert len({store.keys.create("Reader", Role.READER)[1] for _ in range(20)}) == 20


def test_a_revoked_key_is_no_key(store):
    made, plain = store.keys.create("Reader", Role.READER)
    _, other = store.keys.create("Other", Role.READER)
    revoked = store.keys.revoke(made.key_id)
    assert revoked.revoked_at is not None
    assert store.keys.find(plain) is None
    assert store.keys.get(made.key_id) is None
    assert store.keys.find(other) is not None
    assert store.keys.revoke(made.key_id) == revoked
    assert [key.revoked_at is None for key in store.keys.list()] == [False, True]
    with pytest.raises(NotFound):
        store.keys.revoke("none")


def test_last_use_is_noted_once_a_minute(store, clock):
    made, plain = store.keys.create("Reader", Role.READER)
    assert made.last_used_at is None
    store.keys.note_use(made)
    used = store.keys.find(plain)
    assert used.last_used_at is not None
    clock.forward(seconds=30)
    store.keys.note_use(used)
    assert store.keys.find(plain) == used
    clock.forward(seconds=31)
    store.keys.note_use(used)
    assert store.keys.find(plain).last_used_at > used.last_used_at


@pytest.mark.parametrize(
    ("name", "role", "districts", "message"),
    [
        (" ", Role.READER, None, "name: 0 characters, expected 1 to 200"),
        ("x" * 201, Role.READER, None, "name: 201 characters, expected 1 to 200"),
        ("x", Role.AUDITOR, [" "], "districts: found 0, expected 1 to 500"),
        ("x", Role.ADMINISTRATOR, ["North"], "districts: an administrator's key is for the "
         "whole state"),
    ],
)  # fmt: skip
def test_faults_of_a_key(store, name, role, districts, message):
    with pytest.raises(BadInput) as error:
        store.keys.create(name, role, districts)
    assert str(error.value) == message


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("wanted", Role)
def test_roles_are_in_order(role, wanted):
    order = ["reader", "portal", "auditor", "administrator"]
    assert role.includes(wanted) is (order.index(role) >= order.index(wanted))


def test_ended_sessions_are_remembered_until_they_expire(store, clock):
    store.keys.end_session("one", hours=2)
    store.keys.end_session("one", hours=2)
    assert store.keys.session_ended("one")
    assert not store.keys.session_ended("two")
    clock.forward(hours=3)
    store.keys.end_session("two", hours=2)
    assert not store.keys.session_ended("one")  # its cookie is too old by itself
