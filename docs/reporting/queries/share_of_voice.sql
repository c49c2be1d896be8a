-- Who had how much of each screen: by advertiser for ads; house ads and content by kind. Time is what was really shown.
-- Parameters: the first and the last day (UTC).
SELECT
  screen_id,
  kind,
  voice,
  count(*) AS plays,
  sum(shown_ms) / 1000e0 AS shown_seconds,
  round(100e0 * count(*) / sum(count(*)) OVER (PARTITION BY screen_id), 3) AS percent_of_plays,
  round(100e0 * sum(shown_ms) / NULLIF(sum(sum(shown_ms)) OVER (PARTITION BY screen_id), 0), 3) AS percent_of_time
FROM (
  SELECT
    screen_id,
    kind,
    CASE WHEN kind = 'ad' THEN COALESCE(advertiser_domain, campaign_id, 'unknown') ELSE kind END AS voice,
    COALESCE(shown_ms, 0) AS shown_ms
  FROM plays
  WHERE play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
) AS voices
GROUP BY screen_id, kind, voice
ORDER BY screen_id, shown_seconds DESC, voice;
