-- What is billed: plays, impressions and money of each campaign and UTC day.
-- Parameters: the first and the last day, such as '2026-11-01', '2026-11-30'.
SELECT
  play_date,
  exchange,
  campaign_id,
  currency,
  count(*) AS plays,
  count_if(billable) AS billable_plays,
  sum(CASE WHEN billable THEN COALESCE(multiplier, 1) ELSE 0 END) AS impressions,
  sum(CASE WHEN billable THEN price * COALESCE(multiplier, 1) * CAST(0.001 AS decimal(4, 3)) END) AS amount,
  count_if(billable AND price IS NULL) AS billable_without_price,
  count_if(billable AND multiplier IS NULL) AS billable_without_multiplier
FROM plays
WHERE kind = 'ad' AND play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
GROUP BY play_date, exchange, campaign_id, currency
ORDER BY play_date, exchange, campaign_id, currency;
