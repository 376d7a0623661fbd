"""What the money asks of a plan; each rule is one file of `corpus/rules/`."""

from enum import StrEnum
from pathlib import Path

import msgspec

from recommender.errors import BadInput
from recommender.ingest.profiles import read_yaml

FOLDER = "rules"
DEFAULT_RULE = "ma-plan"


class Asks(StrEnum):
    """How many strategies must be in which tiers."""

    ONE_IN_TOP_THREE = "at least one strategy in tiers 1-3"
    EACH_IN_TOP_THREE = "each strategy in tiers 1-3"
    EACH_IN_ANY = "each strategy in any of four tiers"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule with its source."""

    id: str
    name: str
    asks: Asks
    source: str


def read_rule(rule_id: str, corpus: Path) -> Rule:
    """Read a rule by its id.

    Raises:
        BadInput: no such rule.
        BadCorpus: the file breaks its shape.
    """
    known = sorted(path.stem for path in (corpus / FOLDER).glob("*.yaml"))
    if rule_id not in known:
        raise BadInput(f"rule: found {rule_id!r}, expected one of {', '.join(known)}")
    return read_yaml(corpus / FOLDER / f"{rule_id}.yaml", Rule)
