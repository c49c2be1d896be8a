-- Ads that were shown and will not be paid, the first reason that holds, and what they would have been worth.
-- A shortfall is against the planned length; an exchange that pays for a fraction bills some shorter plays, and they are not here.
-- Parameters: the first and the last day (UTC).
SELECT
  exchange,
  campaign_id,
  reason,
  currency,
  count(*) AS plays,
  sum(price * COALESCE(multiplier, 1) * CAST(0.001 AS decimal(4, 3))) AS lost_amount
FROM (
  SELECT
    exchange,
    campaign_id,
    currency,
    price,
    multiplier,
    CASE
      WHEN display = 'off' THEN 'display off'
      WHEN end_reason = 'error' THEN 'error while shown'
      WHEN end_reason = 'screen_off' THEN 'screen went off'
      WHEN shown_ms IS NULL THEN 'length unknown (crash)'
      WHEN frames_presented = 0 THEN 'no frame presented'
      WHEN shown_ms < planned_ms - 500 AND end_reason = 'crash' THEN 'too short (crash)'
      WHEN shown_ms < planned_ms - 500 THEN 'too short (cut)'
      ELSE 'outside the lease'
    END AS reason
  FROM plays
  WHERE kind = 'ad' AND NOT billable AND play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
) AS unpaid
GROUP BY exchange, campaign_id, reason, currency
ORDER BY plays DESC, exchange, campaign_id, reason;
