"""What each kind finds of made-up secrets, and what it leaves alone; the figures are those of bench/secret_kinds.py."""

from __future__ import annotations

import pytest

from bench.secret_contexts import examples
from bench.secret_kinds import ALL, covers
from bench.secret_lookalikes import lookalikes
from timeline.secrets import find_secrets

EXAMPLES = 50
LEAST_RECALL = 0.85


@pytest.mark.parametrize("kind", ALL)
def test_made_up_secrets_of_a_kind_are_covered(kind: str) -> None:
    """Nearly all are covered to the last character, also with odd spaces and a line's edge inside."""
    found = [covers(example, (kind,)) for example in examples(kind, EXAMPLES)]
    assert sum(found) >= LEAST_RECALL * EXAMPLES


@pytest.mark.parametrize("kind", ALL)
def test_lookalikes_of_a_kind_are_left_alone(kind: str) -> None:
    """Near misses, placeholders, code, prose, hashes and order numbers hide nothing."""
    assert [text for text in lookalikes(kind, EXAMPLES) if find_secrets(text, (kind,))] == []
