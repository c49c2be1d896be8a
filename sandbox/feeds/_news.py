"""Invented news as RSS 2.0 and as Atom: a new story every twenty minutes, the same for everybody."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape

from sandbox._dice import Dice

TITLE = "Harbour City Courier"
_EVERY = timedelta(minutes=20)
_SHOWN = 12
_STORIES = (
    "New night tram links the harbour with the university",
    "City library opens its roof garden on Sundays",
    "Ferry to Easter Point runs every half hour from June",
    "Bakers’ guild picks the best rye of the year",
    "Old swimming hall reopens after three years of repairs",
    "Students build a solar boat that crosses the bay",
    "Museum shows maps that were lost for a century",
    "Street musicians may play until ten in summer",
    "Two hundred lindens planted along Canal Street",
    "Botanic garden’s giant lily blooms for a night",
    "Market hall gets a roof of recycled glass",
    "Cycle bridge over the docks opens a month early",
    "Orchestra plays free concert in the park on Friday",
    "Lighthouse keeper’s house becomes a reading room",
    "Film festival names its opening night picture",
    "Harbour pool keeps its water clean with mussels",
    "Chess club wins the coastal league for the fifth time",
    "School choir sings at the Northern Voices festival",
    "Café & roastery moves into the old tram depot",
    "Volunteers count a record number of swifts",
    "Rents stayed level in the second quarter, city says",
    "Clock tower chimes again after its works were cleaned",
    "First quiet hour for shoppers starts on Tuesday",
    "Rowing club’s new boathouse stands on stilts",
    "Bus lane trial cuts the ride to the station to 9 minutes",
    "Town hall answers letters in six languages",
    "Fishing fleet brings in the first herring of the year",
    "Drinking fountains return to all squares",
    "Observatory invites everyone to the autumn comet",
    "Local potters fire a kiln that burned for four days",
)


def rss(now: datetime) -> str:
    """RSS 2.0 with a title that has entities, a source, and one story without a date."""
    items = "".join(
        f"<item><title>{escape(title)}</title><link>https://courier.example/{number}</link>"
        f'<guid isPermaLink="false">{number}</guid>'
        + (f"<pubDate>{format_datetime(at)}</pubDate>" if number % 7 else "")
        + ('<source url="https://agency.example/rss">Coast Press</source>' if number % 4 == 0 else "")
        + f"<description><![CDATA[<p>{escape(title)} &mdash; read <b>more</b>.</p>]]></description></item>"
        for number, title, at in _stories(now)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel>'
        f"<title>{TITLE}</title><link>https://courier.example/</link><description>Invented news</description>"
        f"<ttl>10</ttl><lastBuildDate>{format_datetime(_stories(now)[0][2])}</lastBuildDate>{items}</channel></rss>"
    )


def atom(now: datetime) -> str:
    """The same as Atom (RFC 4287)."""
    stories = _stories(now)
    entries = "".join(
        f"<entry><id>urn:courier:{number}</id><title type='html'>{escape(escape(title))}</title>"
        f"<updated>{at.isoformat()}</updated><author><name>Desk</name></author></entry>"
        for number, title, at in stories
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><id>urn:courier</id>'
        f"<title>{TITLE}</title><updated>{stories[0][2].isoformat()}</updated>{entries}</feed>"
    )


def _stories(now: datetime) -> list[tuple[int, str, datetime]]:
    """Newest first; a story comes again after all others had their turn."""
    step = _EVERY.total_seconds()
    newest = int(now.timestamp() // step)
    return [(number, _story(number), datetime.fromtimestamp(number * step, now.tzinfo)) for number in _last(newest)]


def _last(newest: int) -> range:
    return range(newest, newest - _SHOWN, -1)


def _story(number: int) -> str:
    order = Dice(9).shuffled(_STORIES, "week")
    return order[number % len(order)]
