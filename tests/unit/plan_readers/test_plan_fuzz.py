"""Whatever the bytes, reading ends in a plan or in `UnreadablePlan` with one line."""

import random
import zipfile
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from recommender.plan.readers import Limits, PlanText, UnreadablePlan
from recommender.plan.readers.here import parse_plan

PLANS = Path(__file__).parents[2] / "fixtures" / "plans"
VALID = ("awkward.docx", "grid.xlsx", "slides.pptx", "table.pdf", "grid.csv", "body.json")
SIGNATURES = (b"", b"%PDF-1.7\n", b"PK\3\4", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{", b"\xff\xfe")
LIMITS = Limits(unpacked_bytes=2**22, cells=2_000, characters=100_000, pages=10)
ODD_VALUES = ("", "-9", "1", "99999999999", "x", "A1:XFD1048576", "ÿ", "1e999", "../../../etc")
# Bounded, so that all of this takes a few seconds on a busy machine.
MUTATIONS = 12


def outcome(content, name):
    try:
        return parse_plan(content, name, LIMITS)
    except UnreadablePlan as error:
        return str(error)


def assert_one_line(content, name):
    found = outcome(content, name)
    if isinstance(found, PlanText):
        assert found.blocks
    else:
        assert found.startswith(f"{name}: ")
        assert found.isprintable()


@settings(derandomize=True, max_examples=250, deadline=None)
@given(
    st.sampled_from(SIGNATURES),
    st.binary(max_size=300),
    st.sampled_from(["a", "a.csv", "a.json", "a.txt", "a.pdf", "a.docx"]),
)
def test_random_bytes(signature, content, name):
    assert_one_line(signature + content, name)


@settings(derandomize=True, max_examples=150, deadline=None)
@given(st.text(max_size=200), st.sampled_from(["a.csv", "a.txt", "a.json"]))
def test_random_text(text, name):
    assert_one_line(text.encode("utf-8", "surrogatepass"), name)


@pytest.mark.parametrize("name", VALID)
def test_mutated_bytes(name):
    content = (PLANS / name).read_bytes()
    rng = random.Random(name)
    for _ in range(MUTATIONS):
        assert_one_line(mutated(content, rng), name)


@pytest.mark.parametrize("name", [name for name in VALID if name.endswith("x")])
def test_reshaped_markup(name):
    """Changes inside an archive, which a checksum over the packed bytes would hide."""
    with zipfile.ZipFile(PLANS / name) as source:
        parts = {part: source.read(part) for part in source.namelist()}
    rng = random.Random(name)
    for _ in range(MUTATIONS):
        part = rng.choice(sorted(part for part in parts if part.endswith((".xml", ".rels"))))
        stream = BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for other, content in parts.items():
                archive.writestr(other, reshaped(content, rng) if other == part else content)
        assert_one_line(stream.getvalue(), name)


def mutated(content, rng):
    data = bytearray(content)
    for _ in range(rng.randint(1, 6)):
        start = rng.randrange(len(data))
        length = rng.randint(1, 30)
        match rng.randrange(3):
            case 0:
                data[start : start + length] = rng.randbytes(length)
            case 1:
                del data[start : start + length]
            case _:
                data[start:start] = data[rng.randrange(len(data)) :][:length]
        data = data or bytearray(b"x")
    return bytes(data)


def reshaped(content, rng):
    """Change elements and attributes so that the markup stays well-formed but makes no sense."""
    root = etree.fromstring(content)
    for _ in range(rng.randint(1, 8)):
        elements = [element for element in root.iter() if isinstance(element.tag, str)]
        one, other = rng.choice(elements), rng.choice(elements)
        match rng.randrange(4):
            case 0 if one is not root:
                one.getparent().remove(one)
            case 1:
                other.insert(rng.randint(0, len(other)), deepcopy(one))
            case 2 if one.attrib:
                del one.attrib[rng.choice(list(one.attrib))]
            case _ if one.attrib:
                one.attrib[rng.choice(list(one.attrib))] = rng.choice(ODD_VALUES)
    return etree.tostring(root)
