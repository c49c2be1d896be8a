-- How much of each day a screen proves that it showed something: the plays' own time, cut at midnight UTC.
-- A screen of `screens` without a play has 0. Crossings between slots (0.4 s) belong to no play: a busy screen has about 96 to 100 %.
-- Parameters: the first and the last day (UTC), twice.
WITH days AS (
  SELECT screens.screen_id, COALESCE(screens.hours_per_day, 24e0) AS hours_per_day, CAST(dates.uptime_date AS date) AS uptime_date
  FROM screens
  CROSS JOIN UNNEST(sequence(CAST(? AS date), CAST(? AS date), INTERVAL '1' DAY)) AS dates (uptime_date)
),
lit AS (
  SELECT
    screen_id,
    display,
    started_at,
    date_add('millisecond', COALESCE(shown_ms, 0), started_at) AS until_at
  FROM plays
  WHERE play_date BETWEEN date_add('day', -1, CAST(? AS date)) AND CAST(? AS date)
),
shown AS (
  SELECT
    days.screen_id,
    days.uptime_date,
    days.hours_per_day,
    lit.display,
    greatest(lit.started_at, CAST(days.uptime_date AS timestamp)) AS started_at,
    least(lit.until_at, CAST(date_add('day', 1, days.uptime_date) AS timestamp)) AS until_at
  FROM days
  LEFT JOIN lit
    ON lit.screen_id = days.screen_id AND lit.started_at < CAST(date_add('day', 1, days.uptime_date) AS timestamp)
    AND lit.until_at > CAST(days.uptime_date AS timestamp)
)
SELECT
  screen_id,
  uptime_date,
  count(started_at) AS plays,
  COALESCE(sum(date_diff('millisecond', started_at, until_at)), 0) / 1000e0 AS shown_seconds,
  round(COALESCE(sum(date_diff('millisecond', started_at, until_at)), 0) / (hours_per_day * 36e3), 3) AS percent_up,
  COALESCE(sum(CASE WHEN display = 'off' THEN date_diff('millisecond', started_at, until_at) END), 0) / 1000e0
    AS display_off_seconds,
  min(started_at) AS first_shown_at,
  max(until_at) AS last_shown_at
FROM shown
GROUP BY screen_id, uptime_date, hours_per_day
ORDER BY screen_id, uptime_date;
