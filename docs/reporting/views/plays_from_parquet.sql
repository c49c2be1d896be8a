-- The view `plays` over the Parquet table. To report from Parquet, create this view under the name plays.
-- Times are UTC, without a zone in their type (Hive's catalogue, where views live, has none). Money is decimal.
CREATE OR REPLACE VIEW plays_from_parquet AS
SELECT
  id,
  seq,
  "schema",
  screen_id,
  venue_id,
  player_version,
  boot_id,
  kind,
  exchange,
  request_id,
  lease_id,
  imp_id,
  bid_id,
  deal_id,
  creative_id,
  campaign_id,
  advertiser_domain,
  TRY_CAST(price AS decimal(14, 6)) AS price,
  currency,
  TRY_CAST(multiplier AS decimal(14, 8)) AS multiplier,
  creative_sha256,
  plate_sha256,
  layout.creative AS layout_creative,
  layout.panels AS layout_panels,
  layout.scale AS layout_scale,
  CAST(started_at AS timestamp) AS started_at,
  CAST(ended_at AS timestamp) AS ended_at,
  CAST(CAST(started_at AS timestamp) AS date) AS play_date,
  planned_ms,
  shown_ms,
  frames_presented,
  frames_late,
  end_reason,
  billable,
  display,
  display_evidence,
  clock.synced AS clock_synced,
  clock.source AS clock_source,
  clock.offset_ms AS clock_offset_ms,
  clock.backfilled AS clock_backfilled,
  prev_hash,
  hash,
  key_id,
  signature,
  copies,
  -- Firehose puts the time of a file's oldest line into its name; of other files the folder's hour is known.
  COALESCE(
    TRY(date_parse(regexp_extract(path, '-(\d{4}-\d{2}-\d{2}-\d{2}-\d{2}-\d{2})-[^/]*$', 1), '%Y-%m-%d-%H-%i-%s')),
    date_parse(dt || ' ' || hour, '%Y-%m-%d %H')
  ) AS arrived_at
FROM (
  SELECT
    *,
    "$path" AS path,
    row_number() OVER (PARTITION BY id ORDER BY dt, hour, "$path") AS copy,
    count(*) OVER (PARTITION BY id) AS copies
  FROM plays_parquet
  WHERE id IS NOT NULL
) AS arrivals
WHERE copy = 1;
