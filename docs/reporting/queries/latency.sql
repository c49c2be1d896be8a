-- From the end of a play to its arrival, by the day it was shown. To within Firehose's buffer (5 minutes in aws/): arrival is
-- the time of a file's oldest line. A negative wait, which that can make, counts as none.
-- Parameters: the first and the last day (UTC).
SELECT
  play_date,
  count(*) AS plays,
  count_if(wait_seconds < 900) AS within_15_minutes,
  count_if(wait_seconds >= 900 AND wait_seconds < 86400) AS within_a_day,
  count_if(wait_seconds >= 86400) AS later,
  approx_percentile(wait_seconds, 0.5) AS median_seconds,
  approx_percentile(wait_seconds, 0.95) AS p95_seconds,
  max(wait_seconds) AS longest_seconds,
  count_if(NOT COALESCE(clock_synced, FALSE)) AS plays_with_a_doubtful_clock
FROM (
  SELECT play_date, clock_synced, greatest(date_diff('second', COALESCE(ended_at, started_at), arrived_at), 0) AS wait_seconds
  FROM plays
  WHERE play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
) AS waits
GROUP BY play_date
ORDER BY play_date;
