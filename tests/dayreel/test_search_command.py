"""`dayreel search` with filters in the query: what is found, and what is said of a query that cannot be understood."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dayreel.cli import main
from tests.support.stores import StoreUnderTest
from timeline.model import Window

Output = pytest.CaptureFixture[str]
NOW = ["--now", "2025-11-23T12:00:00"]


@pytest.fixture
def home(store: StoreUnderTest) -> str:
    """A store in which two applications showed the same word on the day before."""
    store.frame(60, ["budget of the first quarter"], Window("Firefox", "Weekly report"), end_s=120)
    store.frame(120, ["budget file of the team"], Window("Slack", "general"), end_s=180)
    store.index_text()
    return str(store.home.root)


def search(home: str, capsys: Output, *arguments: str) -> tuple[int, list[str]]:
    """Return the exit code and the texts of the results."""
    code = main(["--home", home, "--json", *NOW, "search", "--mode", "text", *arguments])
    return code, [hit["text"] for hit in json.loads(capsys.readouterr().out)]


def test_filters_stand_in_the_query(home: str, capsys: Output) -> None:
    """Names, times counted from --now, and those of the command line beside them."""
    first, team = ["budget of the first quarter"], ["budget file of the team"]
    assert search(home, capsys, "budget app:fire") == (0, first)
    assert search(home, capsys, "budget on:yesterday -quarter") == (0, team)
    assert search(home, capsys, "budget on:昨天", "--app", "slack") == (0, team)
    assert search(home, capsys, "budget on:yesterday", "--since", "today") == (3, [])


@pytest.mark.parametrize("query", ['"never closed', "x before:nonsense", "-draft", "x after:tomorrowish"])
def test_a_query_that_cannot_be_understood_is_wrong_usage(home: str, query: str, capsys: Output) -> None:
    """Exit code 2 and one line that says what to do, on an empty home too."""
    for place in (home, f"{home}-none"):
        assert main(["--home", place, *NOW, "search", "--", query]) == 2
        said = capsys.readouterr()
        assert said.out == ""
        assert len(said.err.strip().splitlines()) == 1
        assert "Traceback" not in said.err


@pytest.mark.parametrize("query", ["std::vector budget", "budget 12:30", "--budget", "http://budget.example/a:b"])
def test_ordinary_text_is_searched_as_it_is(home: str, query: str, capsys: Output) -> None:
    """A colon or a dash makes no filter."""
    code, texts = search(home, capsys, "--", query)
    assert (code, len(texts)) == (0, 2)


def test_a_line_that_is_no_query_is_read_as_text(home: str, tmp_path: Path, capsys: Output) -> None:
    """Of many queries each is answered, one with a lost quote by its words."""
    file = tmp_path / "queries"
    file.write_text('budget app:slack\n"budget of the team\nbudget before:nonsense\n-draft\n', encoding="utf-8")
    assert main(["--home", home, *NOW, "search", "--mode", "text", "--queries", str(file)]) == 0
    counts = [len(json.loads(line)) for line in capsys.readouterr().out.splitlines()]
    assert counts == [1, 2, 2, 0]
