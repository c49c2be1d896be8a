"""What the panels' sheet shows: the same day in four scripts, invented names throughout."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cache import FeedSnapshot
from config import PanelKind
from renderer.panels import BrandSaid, PanelSettings

NOW = datetime(2026, 11, 22, 12, 47, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Script:
    """One column of words."""

    name: str
    locale: str
    place: str
    league: str
    teams: tuple[tuple[str, str], ...]
    """Name and letters, twelve of them."""
    alert: str
    paper: str
    sources: tuple[str, ...]
    headlines: tuple[str, ...]
    brand: str
    line: str
    hours: int = 24

    def settings(self) -> PanelSettings:
        """The screen's settings."""
        brand = BrandSaid(self.brand, self.line, "https://harbour.example/menu")
        return PanelSettings(
            timezone="UTC", locale=self.locale, brand=brand, clock_hours=12 if self.hours == 12 else 24
        )

    def snapshots(self) -> dict[PanelKind, FeedSnapshot]:
        """What its feeds answered."""
        return {"weather": _weather(self), "scores": _scores(self), "headlines": _headlines(self)}


LATIN = Script(
    "latin",
    "en_GB",
    "Lisbon",
    "Metro League",
    (
        ("Harbour City", "HAR"),
        ("Redwood", "RED"),
        ("Northgate", "NOR"),
        ("Sunset Bay", "SUN"),
        ("Ironworks", "IRN"),
        ("Lakeside Mariners", "LAK"),
        ("Old Town", "OLD"),
        ("Évergreen Żółw", "EVG"),
        ("Summit", "SUM"),
        ("Pioneers", "PIO"),
        ("Capital", "CAP"),
        ("Foundry", "FND"),
    ),
    "Strong wind warning until 18:00",
    "City Wire",
    ("City Wire", "Harbour Post"),
    (
        "New tram line opens two months early, with free rides on Sunday",
        "Mariners win a sixth straight game ⚽ after extra time",
        "Museum finds a forgotten map in its own cellar",
        "Rents fall for the first time in nine years as 4,000 flats are finished by the river",
        "Bakers’ strike ends",
        "School meals to be free from January",
    ),
    "Harbour Kitchen",
    "Lunch from 12, fish from the boat",
)
ARABIC = Script(
    "arabic",
    "ar",
    "الإسكندرية",
    "دوري المدينة",
    (
        ("نجوم الميناء", "نجم"),
        ("الغابة الحمراء", "غاب"),
        ("بوابة الشمال", "شمل"),
        ("خليج الغروب", "خلج"),
        ("عمال الحديد", "حدد"),
        ("بحارة البحيرة FC", "بحر"),
        ("البلدة القديمة", "بلد"),
        ("دائم الخضرة 1923", "خضر"),
        ("القمة", "قمة"),
        ("الرواد", "رود"),
        ("العاصمة", "عصم"),
        ("المسبك", "سبك"),
    ),
    "تحذير من رياح شديدة حتى 18:00",
    "أخبار المدينة",
    ("أخبار المدينة", "Harbour Post"),
    (
        "افتتاح خط الترام الجديد قبل موعده بشهرين، والركوب مجاني يوم الأحد",
        "بحارة البحيرة FC يفوزون للمرة السادسة (3-2) بعد الوقت الإضافي",
        "المتحف يعثر على خريطة منسية في قبوه",
        "الإيجارات تنخفض للمرة الأولى منذ 9 سنوات مع إنجاز 4,000 شقة",
        "انتهاء إضراب الخبازين",
        "وجبات المدارس مجانية من يناير",
    ),
    "مطبخ الميناء",
    "الغداء من الساعة 12، والسمك من القارب",
)
DEVANAGARI = Script(
    "devanagari",
    "hi",
    "मुंबई",
    "नगर लीग",
    (
        ("बंदरगाह सिटी", "बंद"),
        ("लाल वन", "लाल"),
        ("उत्तरी द्वार", "उत्"),
        ("सूर्यास्त खाड़ी", "सूर"),
        ("लौह वीर", "लौह"),
        ("झील के नाविक", "झील"),
        ("पुराना शहर", "पुर"),
        ("सदाबहार XI", "सदा"),
        ("शिखर", "शिख"),
        ("अग्रदूत", "अग्र"),
        ("राजधानी", "राज"),
        ("ढलाईघर", "ढला"),
    ),
    "18:00 तक तेज़ हवाओं की चेतावनी",
    "नगर समाचार",
    ("नगर समाचार", "Harbour Post"),
    (
        "नई ट्राम लाइन दो महीने पहले शुरू, रविवार को यात्रा मुफ़्त",
        "झील के नाविकों की लगातार छठी जीत ⚽ अतिरिक्त समय में",
        "संग्रहालय को अपने ही तहख़ाने में भूला हुआ नक़्शा मिला",
        "नौ साल में पहली बार किराए घटे, नदी किनारे 4,000 फ़्लैट तैयार",
        "बेकरी हड़ताल समाप्त",
        "जनवरी से स्कूलों में भोजन मुफ़्त",
    ),
    "बंदरगाह रसोई",
    "दोपहर का भोजन 12 बजे से",
    12,
)
JAPANESE = Script(
    "japanese",
    "ja",
    "横浜",
    "シティリーグ",
    (
        ("港シティ", "港"),
        ("レッドウッド", "赤木"),
        ("北門", "北門"),
        ("夕焼けベイ", "夕"),
        ("鉄工クラブ", "鉄工"),
        ("湖マリナーズ", "湖"),
        ("旧市街", "旧市"),
        ("常緑FC", "常緑"),
        ("サミット", "頂"),
        ("開拓者", "開拓"),
        ("首都ユナイテッド", "首都"),
        ("鋳造所", "鋳"),
    ),
    "18時まで強風注意報",
    "港ニュース",
    ("港ニュース", "Harbour Post"),
    (
        "新しい路面電車、予定より2か月早く開業へ。日曜日は運賃無料",
        "湖マリナーズ、延長戦を制し6連勝 ⚽",
        "博物館の地下室で忘れられた地図が見つかる",
        "川沿いに4,000戸が完成し、家賃が9年ぶりに下落",
        "パン職人のストライキが終結",
        "1月から学校給食が無料に",
    ),
    "港キッチン",
    "ランチは12時から",
    12,
)
SCRIPTS = (LATIN, ARABIC, DEVANAGARI, JAPANESE)

_COLOURS = (
    ("#0b5fff", "#c8102e"),
    ("#111111", "#ffb81c"),
    ("#5b6670", "#00a3ad"),
    ("#6f263d", "#046a38"),
    ("#7a3ff2", "#ff6a13"),
    ("#ffffff", "#222c3a"),
)
_GAMES: tuple[tuple[str, str | None, float, int | None, int | None], ...] = (
    ("live", "Q3 4:12", -1, 78, 74),
    ("live", "Q1 9:40", 0, 12, 15),
    ("next", None, 6, None, None),
    ("next", None, 30, None, None),
    ("final", None, -20, 101, 96),
    ("final", None, -22, 88, 91),
)


def _weather(script: Script) -> FeedSnapshot:
    hours = [
        {
            "time": (NOW + timedelta(hours=i)).replace(minute=0).isoformat(),
            "temperature": degrees,
            "code": code,
            "is_day": i < 5,
            "rain_percent": rain,
        }
        for i, (degrees, code, rain) in enumerate(
            [(21, 2, 5), (22, 1, 0), (22, 80, 35), (20, 61, 60), (19, 63, 70), (17, 3, 20), (16, 2, 5), (15, 0, 0)]
        )
    ]
    days = [
        {
            "date": (NOW + timedelta(days=i)).date().isoformat(),
            "low": low,
            "high": high,
            "code": code,
            "rain_percent": r,
        }
        for i, (low, high, code, r) in enumerate(
            [(14, 23, 2, 20), (12, 19, 61, 65), (11, 17, 95, 80), (13, 21, 1, 5), (15, 26, 0, 0), (-3, 2, 71, 30)]
        )
    ]
    data: dict[str, Any] = {
        "place": script.place,
        "units": "celsius",
        "now": {"temperature": 21.4, "feels_like": 18.6, "code": 2, "is_day": True},
        "hours": hours,
        "days": days,
        "alerts": [script.alert],
        "utc_offset_seconds": 0,
    }
    return FeedSnapshot("weather", NOW, 3_600_000, "Weather data by Open-Meteo.com", data)


def _scores(script: Script) -> FeedSnapshot:
    rows = []
    for place, (state, detail, hours, first, second) in enumerate(_GAMES):
        sides = [
            {"name": name, "short": short, "score": score, "colour": colour, "record": "9–3"}
            for (name, short), score, colour in zip(
                script.teams[2 * place : 2 * place + 2], (first, second), _COLOURS[place], strict=True
            )
        ]
        at = (NOW + timedelta(hours=hours)).replace(minute=30).isoformat()
        rows.append({"state": state, "detail": detail, "starts_at": at, "home": sides[0], "away": sides[1]})
    return FeedSnapshot("scores", NOW, 600_000, "Scores: League Office", {"league": script.league, "games": rows})


def _headlines(script: Script) -> FeedSnapshot:
    items = [
        {
            "title": title,
            "source": script.sources[place % len(script.sources)],
            "published_at": (NOW - timedelta(hours=place * 5)).isoformat(),
        }
        for place, title in enumerate(script.headlines)
    ]
    return FeedSnapshot("headlines", NOW, 3_600_000, "", {"title": script.paper, "items": items})
