"""The interface in Chinese, the look of it, filters of a search, the digest, follow-ups."""

from __future__ import annotations

from string import Formatter

from tui import wording
from tui.chinese import CHINESE
from tui.look import Look


def test_the_interface_speaks_chinese(play):
    """Footer, date, gaps and help; what was on the screen stays as it was."""
    wording.use("zh")

    async def steps(journey):
        assert journey.text_of("#header-date") == "2026年11月22日 周日  今天"
        assert journey.screen.query_one("#moments").border_title == "片段"
        options = [str(option.prompt) for option in journey.screen.query_one("#moments").options]
        assert options[2] == "╱09:38  已停止  27m"
        shown = [active.binding.description for active in journey.screen.active_bindings.values()]
        assert "搜索" in shown
        assert "Search" not in shown
        assert journey.heading == "10:21:00–10:31:00  Alacritty  make test"

    play(steps)


def test_the_catalogue_holds_the_same_names_and_places():
    """No name is unknown, and each sentence fills in the same values."""
    assert set(CHINESE) <= set(wording.ENGLISH)
    for name, words in CHINESE.items():
        if isinstance(words, str) and name not in ("DAY_FORMAT", "NEAR_DAY_FORMAT"):
            places = {part[1] for part in Formatter().parse(words)} - {None}
            english = {part[1] for part in Formatter().parse(str(wording.ENGLISH[name]))} - {None}
            assert places == english, name


def test_nearly_all_words_have_chinese_ones():
    """Left in English are names, forms and examples of what to type."""
    same = {"NAME", "LANGUAGE", "ENGLISH", "GO_PROMPT", "EXPORT_PROMPT", "CALENDAR_DAY", "DAY_TITLE"}
    assert set(wording.ENGLISH) - set(CHINESE) <= same


def test_the_language_follows_the_locale_unless_it_is_set():
    """The setting wins; another language than Chinese is English."""
    assert wording.language_of("auto", {"LANG": "zh_CN.UTF-8"}) == "zh"
    assert wording.language_of("auto", {"LC_ALL": "de_DE.UTF-8", "LANG": "zh_CN.UTF-8"}) == "en"
    assert wording.language_of("en", {"LANG": "zh_CN.UTF-8"}) == "en"


def test_plain_lists_have_no_band_and_no_borders(play):
    """For screen readers."""

    async def steps(journey):
        assert not journey.screen.query_one("#band").display
        assert journey.screen.query_one("#moments").styles.border.top[0] == ""

    play(steps, look=Look(plain=True), size=(160, 50), kind="off")


def test_the_themes_are_ours_and_the_terminal_s(play):
    """Light, and the terminal's own colours."""

    async def light(journey):
        assert journey.app.theme == "dayreel-light"

    async def own(journey):
        assert journey.app.theme == "ansi-dark"

    play(light, look=Look(theme="dayreel-light"))
    play(own, look=Look(theme="terminal"))


def test_reduced_motion_moves_nothing_by_itself(play):
    """Textual's animations are off."""

    async def steps(journey):
        assert journey.app.animation_level == "none"

    play(steps, look=Look(still=True))


def test_a_slow_link_gets_one_coarse_picture(play, services):
    """No thumbnail before it, few colours."""

    async def steps(journey):
        pane = journey.screen.query_one("#picture")
        colours = {s.style.color.triplet for s in pane.render_line(pane.size.height // 2) if "▀" in s.text}
        assert colours == {(32, 96, 192), (0, 0, 0)}

    play(steps, size=(160, 50), slow=True)


def test_filters_confine_a_search(play):
    """F2 takes the application of the results, F3 the time; the chips show them."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("e")
        before = int(journey.text_of("#search-state").split()[0])
        await journey.press("f2")
        assert journey.text_of("#chip-app") == "f2 application Firefox"
        assert int(journey.text_of("#search-state").split()[0]) < before
        await journey.press("f3", "f3")
        assert journey.text_of("#chip-time") == "f3 time yesterday"
        assert journey.text_of("#search-state") == "1 found"

    play(steps)


def test_the_mode_of_a_search_is_chosen(play, services):
    """F5: words only."""

    async def steps(journey):
        await journey.press("slash", "f5")
        await journey.type("bm25")
        assert services.searched[-1] == ("bm25", "text", False)

    play(steps)


def test_queries_of_before_come_back(play):
    """Control up goes back in the history."""

    async def steps(journey):
        for query in ("bm25", "make"):
            await journey.press("slash")
            journey.app.focused.value = query
            await journey.press("escape")
        await journey.press("slash", "ctrl+up")
        assert journey.app.screen.query_one("#query").value == "bm25"

    play(steps)


def test_hits_of_one_moment_stand_together(play):
    """Two lines of the chat: the second without time and title once more."""

    async def steps(journey):
        await journey.press("slash")
        await journey.type("：")
        rows = [str(option.prompt) for option in journey.app.screen.query_one("#hits").options]
        assert rows[0].startswith("today 10:05  微信  产品讨论组\n")
        assert rows[1] == "  李娜：好的，我把会议室订在二楼。"

    play(steps)


def test_s_shows_what_the_day_was_spent_on(play):
    """Categories, applications and sessions; enter goes to one."""

    async def steps(journey):
        await journey.press("s")
        assert journey.text_of("#digest-state") == "1h 59m active"
        assert "Code" in journey.text_of("#bars")
        await journey.press("enter")
        assert journey.heading.startswith("08:05:00")

    play(steps, size=(120, 40))


def test_the_digest_goes_through_days_and_weeks(play):
    """Left is the day before, w its week, and there is no tomorrow."""

    async def steps(journey):
        await journey.press("s", "right")
        assert journey.app.screen.query_one(".sheet").border_title == "Sun 22 Nov 2026"
        await journey.press("left")
        assert journey.text_of("#digest-state") == "20m active"
        await journey.press("w")
        assert journey.app.screen.query_one(".sheet").border_title == "week of Mon 16 Nov 2026"
        assert journey.text_of("#digest-state") == "2h 19m active"
        await journey.press("m")
        assert journey.app.screen.query_one(".sheet").border_title == "Nov 2026"

    play(steps)


def test_a_category_is_corrected_in_place(play, services):
    """C, another category, enter."""

    async def steps(journey):
        await journey.press("s", "c", "home", "enter")
        [(window, category)] = services.corrected
        assert window.app == "Firefox"
        assert category

    play(steps)


def test_an_answer_is_copied_as_markdown(play, services):
    """With its question and its sources."""

    async def steps(journey):
        await journey.press("a")
        await journey.type("What did I read?")
        await journey.press("enter", "y")
        [text] = services.copied
        assert text.startswith("**What did I read?**\n\nYou read about bm25 [1]")
        assert "1. 2026-11-21 15:00 Firefox · Train times to Hangzhou: “G7349 leaves Hongqiao at 18:26”" in text

    play(steps)


def test_earlier_questions_stand_above_a_follow_up(play):
    """As in a conversation."""

    async def steps(journey):
        await journey.press("a")
        await journey.type("What did I read?")
        await journey.press("enter", "shift+tab")
        journey.app.screen.query_one("#question").focus()
        journey.app.screen.query_one("#question").value = "And then?"
        await journey.press("enter")
        assert journey.text_of("#answer").startswith("You: What did I read?\nYou read about bm25")

    play(steps)
