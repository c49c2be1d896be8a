-- The same by the day of the venue, midnight to midnight of its own time zone; a screen that `screens` lacks counts in UTC.
-- Parameters: the first and the last local day. The days beside them are read too, for no zone is a day off UTC.
SELECT
  local_date,
  exchange,
  campaign_id,
  currency,
  count(*) AS plays,
  count_if(billable) AS billable_plays,
  sum(CASE WHEN billable THEN COALESCE(multiplier, 1) ELSE 0 END) AS impressions,
  sum(CASE WHEN billable THEN price * COALESCE(multiplier, 1) * CAST(0.001 AS decimal(4, 3)) END) AS amount
FROM (
  SELECT
    plays.*,
    CAST(at_timezone(with_timezone(started_at, 'UTC'), COALESCE(screens.time_zone, 'UTC')) AS date) AS local_date
  FROM plays
  LEFT JOIN screens ON screens.screen_id = plays.screen_id
  WHERE kind = 'ad'
) AS local_plays
WHERE local_date BETWEEN CAST(? AS date) AND CAST(? AS date)
GROUP BY local_date, exchange, campaign_id, currency
ORDER BY local_date, exchange, campaign_id, currency;
