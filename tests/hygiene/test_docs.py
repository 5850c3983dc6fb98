"""The documents tell what the code does: every command, option, setting, exit code and table stands in them."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import pytest

from dayreel.cli import COMMANDS
from dayreel.settings import Settings, explain_settings
from timeline import errors, schema
from timeline.database import Database
from timeline.errors import DayreelError

ROOT = Path(__file__).parents[2]


def _doc(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_every_command_is_documented() -> None:
    """And no command is documented that is not there."""
    told = set(re.findall(r"`dayreel ([a-z]+)", _doc("docs/command-line.md")))
    assert told == {one.name for one in COMMANDS}


def test_every_option_is_documented() -> None:
    """Each option of each command stands in docs/command-line.md."""
    text = _doc("docs/command-line.md")
    options = {name for one in COMMANDS for argument in one.arguments for name in argument.names if name[0] == "-"}
    assert {name for name in options if name not in text} == set()


def test_every_setting_is_documented_with_its_environment_variable() -> None:
    """And no setting is documented that is not there."""
    table = dict(re.findall(r"^\| `([a-z_.]+)` \|[^|]*\| *(`[A-Z_]+`)? *\|", _doc("docs/settings.md"), re.MULTILINE))
    known = {}
    for section in fields(Settings):
        for one in fields(getattr(Settings(), section.name)):
            env = one.metadata["env"]
            known[f"{section.name}.{one.name}"] = f"`{env}`" if env else ""
    assert table == known


def test_every_setting_has_a_purpose() -> None:
    """`dayreel config` explains each."""
    assert [row.name for row in explain_settings(Path("/nowhere"), {}) if not row.help] == []


def test_every_exit_code_is_documented_once() -> None:
    """Each class of error has one code, from 4 up for the particular ones."""
    codes = {one.exit_code for one in vars(errors).values() if isinstance(one, type) and issubclass(one, DayreelError)}
    told = [int(code) for code in re.findall(r"^\| (\d+) \|", _doc("docs/command-line.md"), re.MULTILINE)]
    assert sorted(told) == sorted({0, *codes})


def test_every_table_is_documented() -> None:
    """docs/on-disk-format.md names each table of timeline.db."""
    database = Database(memory=True)
    schema.migrations.apply(database)
    tables = [name for name in database.table_names() if not name.startswith(("_sqlite", "sqlite_"))]
    text = _doc("docs/on-disk-format.md")
    assert [name for name in tables if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md"])
def test_the_readme_names_the_two_commands(name: str) -> None:
    """`make run` and `make test` are all a newcomer needs."""
    text = _doc(name)
    assert "make run" in text
    assert "make test" in text


def test_links_inside_the_documents_lead_somewhere() -> None:
    """A relative link names a file that is there."""
    broken = []
    for path in [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]:
        targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
        broken += [f"{path.name}: {target}" for target in targets if not (path.parent / target).exists()]
    assert broken == []
