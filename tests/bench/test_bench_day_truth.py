"""Which phrases of a played day are fit to measure recall with."""

from __future__ import annotations

import json
from pathlib import Path

from bench.day_truth import State, choose_phrases, fold, read_truth


def test_folding_leaves_letters_and_digits() -> None:
    """White space, punctuation, case and width are no difference between what was shown and what was read."""
    assert fold("Churn-report,  ４１ ９００；备份 计划") == "churnreport41900备份计划"


def test_a_phrase_is_one_that_no_other_state_showed() -> None:
    """What both states show is never chosen."""
    both = "the quarterly churn report is due"
    phrases = choose_phrases([_state(0, both, "finance wants numbers by Friday noon"), _state(10, both)])
    assert {phrase.state.start for phrase in phrases} == {0}
    assert all(fold(phrase.text) in fold("finance wants numbers by Friday noon") for phrase in phrases)


def test_phrases_have_their_length() -> None:
    """Three to six English words, six to twelve Chinese characters."""
    words = "several plain words stand here in one long row of text"
    characters = "上传模块的修复还需要在海上再观察一周所以推迟"
    phrases = choose_phrases([_state(0, words, characters)])
    assert {phrase.language for phrase in phrases} == {"en", "zh"}
    assert all(3 <= len(phrase.text.split()) <= 6 for phrase in phrases if phrase.language == "en")
    assert all(6 <= len(phrase.text) <= 12 for phrase in phrases if phrase.language == "zh")


def test_nothing_is_chosen_from_a_secret_scene() -> None:
    """Its words must be found nowhere."""
    assert choose_phrases([_state(0, "vault entry bank number and pin", secret=True)]) == []


def test_the_choice_is_the_same_each_time() -> None:
    """Two runs over one day measure the same phrases."""
    states = [_state(0, "a first line with quite a few words"), _state(10, "another line with some other words")]
    assert choose_phrases(states) == choose_phrases(states)


def test_the_truth_is_read_line_by_line(tmp_path: Path) -> None:
    """As the player of the day writes it."""
    row = {"start": 1.5, "end": 4, "scene": "web", "app": "Chromium", "title": "t", "text": ["备份"], "secret": False}
    (tmp_path / "truth.jsonl").write_text(json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
    assert read_truth(tmp_path / "truth.jsonl") == [State(1.5, 4, 4, "web", "Chromium", "t", ("备份",), False)]


def test_a_page_stands_until_the_next_page(tmp_path: Path) -> None:
    """Behind the terminal opened over it; the terminal itself is gone when the next scene begins."""
    scenes = [("web", 0), ("terminal", 10), ("web", 20)]
    rows = [
        {"start": at, "end": at + 5, "scene": scene, "app": "", "title": "", "text": [], "secret": False}
        for scene, at in scenes
    ]
    (tmp_path / "truth.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert [state.until for state in read_truth(tmp_path / "truth.jsonl")] == [20, 20, 25]


def _state(start: float, *texts: str, secret: bool = False) -> State:
    return State(start, start + 5, start + 5, "web", "Chromium", "a page", texts, secret)
