"""The one hierarchy of errors: a stable code, a sentence, and the next step."""

from __future__ import annotations

from enum import Enum


class Code(Enum):
    """Every failure a person may meet: ``code``, what it means, what to do next.

    The codes are a contract (logs, heartbeats, ``--json`` output): never renamed, never reused.
    ``docs/errors.md`` lists them all; a test compares the two.
    """

    CONFIG_INVALID = (
        "config.invalid",
        "The configuration has a mistake.",
        "Run `ooh-player check` and mend the lines it names.",
    )
    CREATIVE_EMPTY = (
        "creative.empty",
        "The creative has no bytes.",
        "Ask the exchange or the advertiser for the creative again.",
    )
    CREATIVE_TRUNCATED = (
        "creative.truncated",
        "The creative ends before its picture does.",
        "It is asked for again with the next lease; if it stays so, the creative is broken at its source.",
    )
    CREATIVE_UNSUPPORTED = (
        "creative.unsupported",
        "The creative is of a kind this player does not show.",
        "Serve JPEG, PNG, WebP, AVIF, BMP or GIF, HTML5, or MP4 with H.264.",
    )
    CREATIVE_NOT_AN_IMAGE = (
        "creative.not_an_image",
        "Text or a web page came where a picture should be.",
        "Open the creative's URL: it is often a login page or an error page.",
    )
    CREATIVE_CORRUPT = (
        "creative.corrupt",
        "The creative cannot be decoded.",
        "Export the creative again and upload it to the exchange.",
    )
    CREATIVE_TOO_SMALL = (
        "creative.too_small",
        "The creative is too small to be an ad (often a tracking pixel).",
        "Serve the creative itself: 2 pixels a side are the least, for HTML5 16.",
    )
    CREATIVE_TOO_LARGE = (
        "creative.too_large",
        "The creative has more bytes, pixels, frames or seconds than the limits allow.",
        "Serve a smaller creative, or raise the limit under [prepare] or [fetch].",
    )
    CREATIVE_NO_PAGE = (
        "creative.no_page",
        "The archive has no page to begin with.",
        "Put index.html at the top of the archive, or in its one folder.",
    )
    CREATIVE_UNSAFE = (
        "creative.unsafe",
        "The archive has a file whose name leads out of it, or a link.",
        "Pack the creative again, with plain names and files only.",
    )
    CREATIVE_BLANK = (
        "creative.blank",
        "The page shows nothing but one colour.",
        "Open the creative in a browser: a script may have failed, or a file may be missing.",
    )
    CREATIVE_ERROR_PAGE = (
        "creative.error_page",
        "An error came instead of the creative's page.",
        "Open the creative's URL in a browser.",
    )
    CREATIVE_REDIRECTS = (
        "creative.redirects",
        "The page leads on and on to other pages.",
        "Serve the creative's own page.",
    )
    CREATIVE_NOT_READY = (
        "creative.not_ready",
        "The dynamic creative did not say within 2 seconds that it is ready.",
        "Add the element #dynamic-creative-ready sooner, or serve data faster.",
    )
    CREATIVE_SKIPPED = (
        "creative.skipped",
        "The dynamic creative asks to be skipped (#dynamic-creative-skip).",
        "Nothing: it has nothing to show now.",
    )
    PREPARE_NO_BROWSER = (
        "prepare.no_browser",
        "An HTML5 creative needs a browser, and none is installed that can be used.",
        "Run: sudo apt-get install chromium-headless-shell.",
    )
    PREPARE_TIMEOUT = (
        "prepare.timeout",
        "Preparing the creative took longer than its time limit.",
        "Serve a simpler creative, or raise prepare.max_seconds.",
    )
    PREPARE_MEMORY = (
        "prepare.memory",
        "Preparing the creative needed more than its memory limit.",
        "Serve a smaller creative, or raise prepare.max_memory_mb.",
    )
    PREPARE_CRASHED = (
        "prepare.crashed",
        "The process that prepares creatives ended without an answer.",
        "Keep the creative and report it: `ooh-player prepare FILE --size WxH --out DIR`.",
    )
    PREPARE_STORAGE = (
        "prepare.storage",
        "A file that preparing needs cannot be read or written (disk full, read-only or gone).",
        "Look at the disk with `ooh-player doctor`, or free space with `ooh-player cache gc`.",
    )
    PLATE_CORRUPT = (
        "plate.corrupt",
        "A plate on disk is not what was written.",
        "It is prepared again by itself; if it recurs, replace the card.",
    )
    VIDEO_STALLED = (
        "video.stalled",
        "A video stands still: its decoder gives no more pictures.",
        "Its last picture stays until the next slot. If it recurs, see load and temperature with `ooh-player doctor`.",
    )
    FETCH_REFUSED = (
        "fetch.refused",
        "The URL is not one this player fetches (scheme, address or port).",
        "Serve it over https from a public address, or name the host in fetch.allow_hosts.",
    )
    FETCH_STATUS = (
        "fetch.status",
        "The server answered with an error status.",
        "Open the URL; 404 means the creative is gone.",
    )
    FETCH_TOO_LARGE = (
        "fetch.too_large",
        "The answer is larger than the limit.",
        "Serve a smaller file, or raise fetch.max_bytes.",
    )
    FETCH_TIMEOUT = (
        "fetch.timeout",
        "The server did not answer in time.",
        "Look at the network with `ooh-player doctor`.",
    )
    FETCH_NETWORK = (
        "fetch.network",
        "The server cannot be reached.",
        "Look at the network with `ooh-player doctor`.",
    )
    EXCHANGE_INVALID = (
        "exchange.invalid",
        "The exchange's answer cannot be read.",
        "Show it with `ooh-player exchange try` and send it to the exchange.",
    )
    EXCHANGE_DIALECT = (
        "exchange.dialect",
        "No installed package speaks this exchange's dialect.",
        "Look at exchange.kind; install the package that adds it.",
    )
    EXCHANGE_UNKNOWN_IMP = (
        "exchange.unknown_imp",
        "The bid is for an impression that was not asked for.",
        "Show it with `ooh-player exchange try` and send it to the exchange.",
    )
    EXCHANGE_NO_CREATIVE = (
        "exchange.no_creative",
        "The bid names no creative that this player can show.",
        "Show it with `ooh-player exchange try` and send it to the exchange.",
    )
    EXCHANGE_REFUSED = (
        "exchange.refused",
        "The exchange refuses what this player asks (4xx): its id, its key, its venue or the request itself.",
        "Read what it says with `ooh-player exchange try`; check the keys under [exchange] and screen.venue.",
    )
    EXCHANGE_RULES = (
        "exchange.rules",
        "The operator's rules refuse the ad.",
        "Nothing, when that is meant. Else look at [ads] and at exchange.deals.",
    )
    EXCHANGE_THROTTLED = (
        "exchange.throttled",
        "The exchange asked for fewer requests (429 or 503).",
        "Nothing: the player waits as it was told.",
    )
    EXCHANGE_UNAVAILABLE = (
        "exchange.unavailable",
        "The exchange cannot be reached or answers with an error.",
        "Look at the network and the URL with `ooh-player doctor`.",
    )
    FEED_INVALID = (
        "feed.invalid",
        "A feed's answer cannot be read.",
        "Look at the feed's URL under [panels]; the last good answer is shown until it is stale.",
    )
    FEED_STALE = (
        "feed.stale",
        "A feed's answer holds data older than its maximum age; it is not shown.",
        "Nothing, when rare. If it lasts, ask the provider, or raise max_age_seconds under [panels].",
    )
    FEED_PROVIDER = (
        "feed.provider",
        "A feed's provider cannot be used (unknown, not installed, failing, or without its key, URL or place).",
        "Check provider, url and key_file under [panels], and latitude and longitude under [screen].",
    )
    LEASE_EXPIRED = (
        "lease.expired",
        "The lease ended before it could be shown.",
        "Nothing, when rare. Often: the loop is shorter than what is asked for; lower exchange.look_ahead.",
    )
    DELIVERY_THROTTLED = (
        "delivery.throttled",
        "The stream takes less than is sent.",
        "Nothing: it is sent again. If it lasts, add shards.",
    )
    DELIVERY_UNAVAILABLE = (
        "delivery.unavailable",
        "The stream cannot be reached.",
        "Plays wait on disk. Look at the network and [proof] with `ooh-player doctor`.",
    )
    DELIVERY_REFUSED = (
        "delivery.refused",
        "The stream or the gateway refuses what this player sends.",
        "Check [proof] with `ooh-player doctor`; plays wait on disk.",
    )
    DELIVERY_CLOCK = (
        "delivery.clock",
        "The stream refuses the time of this machine: its clock is wrong.",
        "Set the clock (time server, network); plays wait on disk and are sent when it is right.",
    )
    DELIVERY_CREDENTIALS = (
        "delivery.credentials",
        "There are no credentials for the stream or the gateway, or they are not valid.",
        "Check [proof] credentials, its files, and the AWS chain; plays wait on disk.",
    )
    DELIVERY_DENIED = (
        "delivery.denied",
        "The stream or the gateway knows this player and does not let it write.",
        "Allow kinesis:PutRecords on the stream (or the token at the gateway); plays wait on disk.",
    )
    DELIVERY_NO_RECEIVER = (
        "delivery.no_receiver",
        "There is no such stream or gateway.",
        "Check stream, region, endpoint and gateway_url in [proof]; plays wait on disk.",
    )
    DELIVERY_TOO_LARGE = (
        "delivery.too_large",
        "The receiver takes smaller requests only.",
        "Nothing: smaller ones are sent. If it lasts, raise the receiver's limit.",
    )
    DELIVERY_POISON = (
        "delivery.poison",
        "One play's record is too large for the stream and was set aside.",
        "See it with `ooh-player plays` and report it.",
    )
    JOURNAL_CORRUPT = (
        "journal.corrupt",
        "The journal's file is damaged; it was set aside and a new one begun.",
        "Copy the file named in the log off the screen, then replace the card.",
    )
    JOURNAL_KEY = (
        "journal.key",
        "A signing key cannot be made, read or used; plays are recorded without a signature.",
        "Look at proof.key in the state folder: it is the player's own, mode 0600; see `ooh-player key`.",
    )
    JOURNAL_UNAVAILABLE = (
        "journal.unavailable",
        "The journal cannot be used (disk full, read-only, locked or somebody else's).",
        "Look at the disk and the file's owner with `ooh-player doctor`; the show goes on, plays are not proven.",
    )
    CACHE_UNAVAILABLE = (
        "cache.unavailable",
        "The cache cannot be used (its folder, its database or its disk).",
        "Look at the disk and the folder's owner with `ooh-player doctor`; a damaged cache is begun anew by itself.",
    )
    CACHE_FULL = (
        "cache.full",
        "The cache's byte budget is used up by what is still needed.",
        "Raise cache.max_bytes, or lower exchange.look_ahead.",
    )
    DISPLAY_UNAVAILABLE = (
        "display.unavailable",
        "No display could be opened.",
        "Check the cable and that the user is in the groups video and render; the screen tries again.",
    )
    DISPLAY_NOT_SWITCHED = (
        "display.not_switched",
        "The display could not be turned off or on.",
        "Its picture is black all the same. Switch CEC on in the TV's menu, or choose another screen.power.",
    )
    DISPLAY_SWITCH_TIMEOUT = (
        "display.switch_timeout",
        "The display did not answer in time when it was to be turned off or on.",
        "Look at the cable and the TV's CEC setting, or choose another screen.power.",
    )
    DISPLAY_STAYS_OFF = (
        "display.stays_off",
        "The display says that it is off although it was turned on.",
        "Turn it on by its own button; the screen tries again every minute, and what it plays meanwhile is not billed.",
    )
    SCREEN_NOT_RUNNING = (
        "screen.not_running",
        "No screen process answers.",
        "Start it with `ooh-player run`, or look at its log.",
    )
    PLAYER_ALREADY_RUNNING = (
        "player.already_running",
        "Another player is at work on the same state folder.",
        "Stop that one first (`systemctl stop ooh-player.target`, or Ctrl-C where it runs), or set another cache.dir.",
    )
    PLAYER_OTHER_USER = (
        "player.other_user",
        "The player runs as another user, whose processes this one may not tell anything.",
        "Run it as root or as that user: `sudo ooh-player …`.",
    )
    WATCHDOG_NO_FRAME = (
        "watchdog.no_frame",
        "A frame was due and none was presented.",
        "Nothing at first: the screen begins anew by itself. If it recurs, look at load, memory and card with doctor.",
    )
    WATCHDOG_DECODER = (
        "watchdog.decoder",
        "What should move on the screen stands still.",
        "The creative is left out for an hour. If many recur, look at load and temperature with `ooh-player doctor`.",
    )
    WATCHDOG_WORKER = (
        "watchdog.worker",
        "The thread that draws what comes next hangs.",
        "Nothing at first: the process is started again. If it recurs, the card may be failing: `ooh-player doctor`.",
    )
    WATCHDOG_SURFACE = (
        "watchdog.surface",
        "Something else is on the display than what was presented.",
        "Look at what else draws there (another program, a desktop's notices); docs/watchdog.md says more.",
    )
    WATCHDOG_EMPTY = (
        "watchdog.empty",
        "The display is empty although a picture was presented.",
        "Nothing at first: it is presented again. If it recurs, look at the display's driver with `ooh-player doctor`.",
    )
    WATCHDOG_FROZEN = (
        "watchdog.frozen",
        "A process gave no sign of life and was ended; it is started again.",
        "Look at the log just before: it tells where each thread stood. Report it if it recurs.",
    )
    DEMO_FOLDER_TAKEN = (
        "demo.folder_taken",
        "The folder to keep a demo in holds something else.",
        "Name a new or an empty folder with --keep.",
    )
    EXPORT_NO_PARQUET = (
        "export.no_parquet",
        "Parquet needs the package pyarrow, and it is not installed (52 MB; a screen does without).",
        "Export as jsonl, which every warehouse reads, or install pyarrow into the player's own environment.",
    )
    FILE_UNUSABLE = (
        "file.unusable",
        "A file or a folder cannot be read or written.",
        "Check that it is there, whose it is and its rights, or name another.",
    )
    WEB_NO_PIN = (
        "web.no_pin",
        "The local page has no PIN that it can read.",
        "Make one with `ooh-player web pin`, as the user that the player runs as.",
    )
    WEB_PIN_WEAK = (
        "web.pin_weak",
        "The PIN would soon be guessed.",
        "Take six characters or more, not in a row, not repeated, no year and no common word.",
    )
    WEB_PORT_TAKEN = (
        "web.port_taken",
        "The local page cannot listen on its port.",
        "Set another web.port, or end the program that holds it (`ss -tlnp` names it).",
    )
    PROCESS_CRASHED = (
        "process.crashed",
        "A process of the player ended unexpectedly; it is started again.",
        "Look at the log just before; report it if it recurs.",
    )
    PROCESS_FAULT = (
        "process.fault",
        "The player met a case that it does not know; what it was doing was given up, the rest goes on.",
        "Report it with the traceback in the log.",
    )

    def __init__(self, code: str, meaning: str, next_step: str) -> None:
        self.code = code
        self.meaning = meaning
        self.next_step = next_step


class OohError(Exception):
    """A failure with a stable code. ``detail`` holds the facts of this case, never a secret."""

    def __init__(self, code: Code, detail: str = "") -> None:
        super().__init__(f"{code.code}: {detail or code.meaning}")
        self.code = code
        self.detail = detail

    @property
    def message(self) -> str:
        """The meaning and the facts, in one sentence for people."""
        return f"{self.code.meaning} ({self.detail})" if self.detail else self.code.meaning

    def as_json(self) -> dict[str, str]:
        """``{"code", "message", "next_step"}``, the form of every ``--json`` error."""
        return {"code": self.code.code, "message": self.message, "next_step": self.code.next_step}
