-- The exchange's report beside the stream, by UTC day, exchange, campaign and currency. Percent: of the exchange's figure.
-- Parameters: the first and the last day (UTC), twice: for the stream and for the report.
WITH ours AS (
  SELECT
    play_date AS report_date,
    COALESCE(exchange, '') AS exchange,
    COALESCE(campaign_id, '') AS campaign_id,
    COALESCE(currency, '') AS currency,
    count(*) AS plays,
    sum(COALESCE(multiplier, 1)) AS impressions,
    sum(price * COALESCE(multiplier, 1) * CAST(0.001 AS decimal(4, 3))) AS amount
  FROM plays
  WHERE billable AND play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
  GROUP BY 1, 2, 3, 4
),
theirs AS (
  SELECT
    CAST(report_date AS date) AS report_date,
    COALESCE(exchange, '') AS exchange,
    COALESCE(campaign_id, '') AS campaign_id,
    COALESCE(currency, '') AS currency,
    sum(plays) AS plays,
    sum(CAST(impressions AS decimal(24, 8))) AS impressions,
    sum(CAST(amount AS decimal(24, 8))) AS amount
  FROM exchange_report
  WHERE CAST(report_date AS date) BETWEEN CAST(? AS date) AND CAST(? AS date)
  GROUP BY 1, 2, 3, 4
)
SELECT
  COALESCE(ours.report_date, theirs.report_date) AS report_date,
  COALESCE(ours.exchange, theirs.exchange) AS exchange,
  COALESCE(ours.campaign_id, theirs.campaign_id) AS campaign_id,
  COALESCE(ours.currency, theirs.currency) AS currency,
  COALESCE(ours.plays, 0) AS plays_in_stream,
  COALESCE(theirs.plays, 0) AS plays_in_report,
  COALESCE(ours.plays, 0) - COALESCE(theirs.plays, 0) AS plays_difference,
  round(1e2 * (COALESCE(ours.plays, 0) - COALESCE(theirs.plays, 0)) / NULLIF(theirs.plays, 0), 3) AS plays_percent,
  COALESCE(ours.impressions, 0) - COALESCE(theirs.impressions, 0) AS impressions_difference,
  COALESCE(ours.amount, 0) - COALESCE(theirs.amount, 0) AS amount_difference,
  CASE
    WHEN theirs.report_date IS NULL THEN 'only in the stream'
    WHEN ours.report_date IS NULL THEN 'only in the report'
    WHEN ours.plays = theirs.plays THEN 'same'
    ELSE 'different'
  END AS finding
FROM ours
FULL OUTER JOIN theirs
  ON ours.report_date = theirs.report_date AND ours.exchange = theirs.exchange
  AND ours.campaign_id = theirs.campaign_id AND ours.currency = theirs.currency
ORDER BY 1, 2, 3, 4;
