"""Ask a question; the answer streams, its sources are listed, enter goes to one.

The screen owns the lane of its assistant: one that is left while an answer is still coming is let go with the screen,
and the next question does not wait behind it.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.style import Style
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from timeline.clock import at_offset
from timeline.errors import DayreelError
from tui import wording
from tui.lane import Lane
from tui.literal import literal, literal_lines
from tui.place import Place, place_of_citation
from tui.search_screen import when_content
from tui.services import Services

if TYPE_CHECKING:
    from assistant.answer import Answer, Citation


_NUMBER = re.compile(r"\[(\d{1,3})\]")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and its answer, kept so that `a` shows them again."""

    question: str
    answer: Answer


@dataclass(frozen=True, slots=True)
class Asked:
    """What the screen returns: the exchanges so far, and where to go (None: nowhere)."""

    exchanges: tuple[Exchange, ...]
    place: Place | None


class _LeftError(Exception):
    """The screen was left while the answer was coming."""


class AskScreen(ModalScreen[Asked]):
    """A question, its answer, its sources."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", wording.CLOSE, show=False),
        Binding("y", "copy", wording.COPY, show=False),
    ]

    class Piece(Message):
        """A piece of the answer came; posted from the assistant's thread."""

        def __init__(self, asking: threading.Event, text: str) -> None:
            super().__init__()
            self.asking = asking
            self.text = text

    def __init__(self, services: Services, today: date, before: Sequence[Exchange] = ()) -> None:
        super().__init__()
        self._model = services.model
        self._lane = Lane("ask", services.assistant)
        self._today = today
        self._exchanges = list(before)
        self._copying = services.copy
        self._streamed = ""
        self._given_up = threading.Event()  # one for each asking; set when nobody waits for its answer any more

    def compose(self) -> ComposeResult:
        with Vertical(classes="sheet") as sheet:
            sheet.border_title = wording.ASK_TITLE
            sheet.border_subtitle = wording.ASK_KEYS
            yield Input(placeholder=wording.ASK_PROMPT, id="question", compact=True)
            yield Static("", id="ask-state", markup=False)
            with VerticalScroll(id="answer-scroll"):
                yield Static("", id="answer", markup=False)
            yield Static(wording.SOURCES, id="sources-title", markup=False)
            yield OptionList(id="sources", markup=False, compact=True)

    def on_mount(self) -> None:
        self._say(wording.ASK_MODEL.format(model=self._model) if self._model else wording.ASK_NO_MODEL)
        self.query_one("#answer", Static).update(Content.styled(wording.ASK_HINT, "$foreground 60% italic"))
        if self._exchanges:
            self.query_one("#question", Input).value = self._exchanges[-1].question
            self._show(self._exchanges[-1].answer)

    def on_unmount(self) -> None:
        self._given_up.set()
        self._lane.close()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        if event.value.strip():
            self._ask(event.value.strip())

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.action_source(event.option_index)

    def on_ask_screen_piece(self, event: Piece) -> None:
        if event.asking.is_set():
            return
        self._streamed += event.text
        self.query_one("#answer", Static).update(self._thread(Content(literal_lines(self._streamed)), before=True))
        self.query_one("#answer-scroll", VerticalScroll).scroll_end(animate=False)

    def action_leave(self) -> None:
        """Close the screen; an answer that is still coming is given up."""
        self.dismiss(Asked(tuple(self._exchanges), None))

    def action_source(self, index: int) -> None:
        """Go to a source of the last answer."""
        citations = self._exchanges[-1].answer.citations
        if index < len(citations):
            self.dismiss(Asked(tuple(self._exchanges), place_of_citation(citations[index])))

    def action_copy(self) -> None:
        """Copy the last answer with its sources as Markdown."""
        if self._exchanges:
            text = markdown_of(self._exchanges[-1])
            self.app.copy_to_clipboard(text)
            self._copying(text)
            self.notify(wording.ASK_COPIED, markup=False)

    def _thread(self, answer: Content, *, before: bool) -> Content:
        """Return an answer below the questions and answers that led to it; `before`: all of them did."""
        earlier = self._exchanges if before else self._exchanges[:-1]
        parts: list[Content] = []
        for one in earlier:
            parts.append(Content.styled(f"{wording.ASK_YOU}: {literal(one.question)}", "bold $foreground 60%"))
            parts.append(Content.styled(literal_lines(one.answer.answer) + "\n", "$foreground 60%"))
        return Content("\n").join([*parts, answer])

    @work(exclusive=True)
    async def _ask(self, question: str) -> None:
        """Ask, and show the proved answer in place of what streamed."""
        self._given_up.set()
        self._given_up = given_up = threading.Event()
        self._streamed = ""
        self._say(wording.ASKING)
        self.query_one("#answer", Static).update(self._thread(Content(""), before=True))
        self._list_sources(())
        on_text = self._listener(given_up)
        try:
            answer = await self._lane.run(lambda assistant: assistant.ask(question, on_text))
        except DayreelError as error:
            self._say(str(error))
            return
        finally:
            given_up.set()
        self._exchanges.append(Exchange(question, answer))
        self._show(answer)

    def _listener(self, given_up: threading.Event) -> Callable[[str], None]:
        def on_text(piece: str) -> None:
            if given_up.is_set():
                raise _LeftError
            self.post_message(self.Piece(given_up, piece))

        return on_text

    def _show(self, answer: Answer) -> None:
        self._say(how_answered(answer))
        self.query_one("#answer", Static).update(self._thread(linked(answer), before=False))
        self.call_after_refresh(self.query_one("#answer-scroll", VerticalScroll).scroll_end, animate=False)
        self._list_sources(answer.citations)
        if answer.citations:
            self.query_one("#sources").focus()

    def _list_sources(self, citations: tuple[Citation, ...]) -> None:
        sources = self.query_one("#sources", OptionList)
        sources.clear_options()
        sources.add_options([Option(citation_content(c, n, self._today)) for n, c in enumerate(citations, 1)])
        sources.highlighted = 0 if citations else None
        self.set_class(bool(citations), "-answered")

    def _say(self, sentence: str) -> None:
        self.query_one("#ask-state", Static).update(Content.styled(literal(sentence), "$foreground 60%"))


def linked(answer: Answer) -> Content:
    """Return the words of an answer; each number of a source is a link to it."""
    text = literal_lines(answer.answer)
    content = Content(text)
    for number in _NUMBER.finditer(text):
        if 1 <= int(number[1]) <= len(answer.citations):
            link = Style.from_meta({"@click": f"screen.source({int(number[1]) - 1})"})
            content = content.stylize(link, *number.span()).stylize("$text-accent underline", *number.span())
    return content


def markdown_of(exchange: Exchange) -> str:
    """Return a question, its answer and its sources as Markdown."""
    rows = [f"**{exchange.question}**", "", exchange.answer.answer, ""]
    for number, one in enumerate(exchange.answer.citations, 1):
        when = f"{at_offset(one.start_us, one.offset_s):%Y-%m-%d %H:%M}"
        window = " · ".join(part for part in (one.window.app, one.window.title) if part)
        rows.append(f"{number}. {when} {window}: “{' '.join(one.quote.split())}”")
    return "\n".join(rows).rstrip() + "\n"


def how_answered(answer: Answer) -> str:
    """Return who worded an answer and which stretch of time was looked at."""
    parts = [wording.ANSWERED_BY.format(model=answer.model) if answer.model else wording.ANSWERED_ALONE]
    if answer.interval is not None and answer.citations:
        offset_s = answer.citations[0].offset_s
        start, end = (at_offset(us, offset_s) for us in (answer.interval.start_us, answer.interval.end_us))
        start_text = f"{wording.day_text(start.date())} {start:%H:%M}"
        end_text = f"{end:%H:%M}" if end.date() == start.date() else f"{wording.day_text(end.date())} {end:%H:%M}"
        parts.append(wording.LOOKED_AT.format(start=start_text, end=end_text))
    return ", ".join(parts)


def citation_content(citation: Citation, number: int, today: date) -> Content:
    """Return the two rows of a citation."""
    window = citation.window
    first = when_content(citation.start_us, citation.offset_s, window.app, window.title, today)
    quote = " ".join(literal(citation.quote).split())
    return Content.assemble((f"{number} ", "dim"), first, "\n  ", Content(f"“{quote}”"))
