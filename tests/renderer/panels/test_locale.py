"""Words and dates by language: CLDR's own for dates, a table of ours for words, nothing without a font."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from string import Formatter

import pytest

from renderer.panels._faces import Face
from renderer.panels._locale import WORDS, locale_of
from renderer.panels._runs import drawable, runs
from renderer.panels._sky import codes

AT = datetime(2026, 11, 22, 15, 7, tzinfo=UTC)
LANGUAGES = sorted(path.stem for path in WORDS.iterdir())
ENGLISH = tomllib.loads((WORDS / "en.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("name", "long_date", "short_date", "time", "percent"),
    [
        ("en_GB", "Sunday, 22 November", "Sun, 22 Nov", "3:07 PM", "20%"),
        ("en_US", "Sunday, November 22", "Sun, Nov 22", "3:07 PM", "20%"),
        ("de_DE", "Sonntag, 22. November", "So, 22. Nov.", "3:07 PM", "20\u00a0%"),
        ("fr", "Dimanche 22 novembre", "Dim. 22 nov.", "3:07\u202fPM", "20\u202f%"),
        ("es", "Domingo, 22 de noviembre", "Dom, 22 nov", "3:07\u00a0p.\u00a0m.", "20\u00a0%"),
        ("ar", "الأحد، 22 نوفمبر", "الأحد، 22 نوفمبر", "3:07 م", "20%"),
        ("hi", "रविवार, 22 नवंबर", "रवि, 22 नव॰", "3:07 pm", "20%"),
        ("th", "วันอาทิตย์ที่ 22 พฤศจิกายน", "อา. 22 พ.ย.", "3:07 PM", "20%"),
        ("ja", "11月22日(日曜日)", "11月22日(日)", "午後3:07", "20%"),
        ("zh", "11月22日星期日", "11月22日周日", "下午3:07", "20%"),
    ],
)
def test_dates_and_times(name: str, long_date: str, short_date: str, time: str, percent: str) -> None:
    """CLDR (Unicode Technical Standard 35, part 4), as Babel 2.18 holds it."""
    found = locale_of(name)
    said = (found.long_date(AT), found.short_date(AT), found.time(AT, 12), found.percent(20))
    plain = [" ".join(words.replace("\u202f", " ").replace("\u00a0", " ").split()) for words in said]
    wanted = (long_date, short_date, time, percent)
    assert plain == [words.replace("\u202f", " ").replace("\u00a0", " ") for words in wanted]
    assert found.time(AT, 24) == "15:07"


def test_names_with_a_hyphen_and_without_a_country_are_the_same_language() -> None:
    assert locale_of("de-DE").long_date(AT) == locale_of("de").long_date(AT)
    assert locale_of("zh_TW").sky(2, is_day=True) == "多雲"
    assert locale_of("zh_CN").sky(2, is_day=True) == "多云"


@pytest.mark.parametrize("name", ["xx", "tlh_XX", "", "en"])
def test_an_unknown_language_is_english(name: str) -> None:
    found = locale_of(name)
    assert (found.long_date(AT), found.word("today")) == ("Sunday, 22 November", "Today")


def test_a_language_without_words_of_ours_has_its_own_dates() -> None:
    found = locale_of("sv")
    assert found.long_date(AT) == "Söndag 22 november"
    assert found.word("final") == "Final"


@pytest.mark.parametrize(("name", "rtl"), [("ar", True), ("he", True), ("fa", True), ("en_GB", False), ("ja", False)])
def test_which_are_written_from_right_to_left(name: str, *, rtl: bool) -> None:
    assert locale_of(name).rtl is rtl


def test_midnight_and_noon_on_a_12_hour_clock() -> None:
    noon, midnight = AT.replace(hour=12), AT.replace(hour=0)
    assert (locale_of("en_GB").time(noon, 12), locale_of("en_GB").time(midnight, 12)) == ("12:07 PM", "12:07 AM")
    assert (locale_of("ja").time(noon, 12), locale_of("ja").half_hour(midnight)) == ("午後0:07", 0)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_says_everything(language: str) -> None:
    table = tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))
    assert set(table["words"]) == set(ENGLISH["words"])
    assert {str(code) for code in codes()} <= set(table["sky"])
    for key, words in table["words"].items():
        facts = {name for _, name, _, _ in Formatter().parse(words) if name}
        assert facts == {name for _, name, _, _ in Formatter().parse(ENGLISH["words"][key]) if name}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_word_can_be_drawn(language: str) -> None:
    table = tomllib.loads((WORDS / f"{language}.toml").read_text(encoding="utf-8"))
    found = locale_of(language)
    names = (*found.calendar.weekdays, *found.calendar.months, *found.calendar.halves)
    for words in (*table["words"].values(), *table["sky"].values(), *names):
        assert drawable(words) == words
        assert all(run.text for run in runs(words, Face.STRONG))


def test_english_needs_no_cldr() -> None:
    """Babel and its tables cost a screen 25 ms and 8 MB: only other languages pay."""
    program = (
        "import sys; from renderer.panels import PanelSettings; from datetime import datetime;"
        "PanelSettings().language().long_date(datetime(2026, 1, 1)); assert 'babel' not in sys.modules;"
        "PanelSettings(locale='de').language(); assert 'babel' in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60)
