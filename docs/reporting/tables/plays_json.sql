-- The plays as Firehose writes them: JSON, one play a line, gzip. A column is a field of docs/record.md, by its name.
-- Hive's SerDe, for it is exact: a damaged line ends the query, aloud. Of OpenX's, AWS says that rows may come twice or not at all.
-- Times stay text here, to the letter what was signed; the view makes timestamps of them.
-- Set: the bucket (twice), and the day of the first delivery in projection.dt.range.
CREATE EXTERNAL TABLE IF NOT EXISTS plays_json (
  `id` string,
  `seq` bigint,
  `schema` string,
  `screen_id` string,
  `venue_id` string,
  `player_version` string,
  `boot_id` string,
  `kind` string,
  `exchange` string,
  `request_id` string,
  `lease_id` string,
  `imp_id` string,
  `bid_id` string,
  `deal_id` string,
  `creative_id` string,
  `campaign_id` string,
  `advertiser_domain` string,
  `price` string,
  `currency` string,
  `multiplier` double,
  `creative_sha256` string,
  `plate_sha256` string,
  `layout` struct<creative:array<int>,panels:array<string>,scale:double>,
  `started_at` string,
  `ended_at` string,
  `planned_ms` bigint,
  `shown_ms` bigint,
  `frames_presented` bigint,
  `frames_late` bigint,
  `end_reason` string,
  `billable` boolean,
  `display` string,
  `display_evidence` string,
  `clock` struct<synced:boolean,source:string,offset_ms:double,backfilled:boolean>,
  `prev_hash` string,
  `hash` string,
  `key_id` string,
  `signature` string
)
PARTITIONED BY (`dt` string, `hour` string)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
LOCATION 's3://BUCKET/plays_json/'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.dt.type' = 'date',
  'projection.dt.format' = 'yyyy-MM-dd',
  'projection.dt.range' = '2026-01-01,NOW',
  'projection.dt.interval' = '1',
  'projection.dt.interval.unit' = 'DAYS',
  'projection.hour.type' = 'integer',
  'projection.hour.range' = '0,23',
  'projection.hour.digits' = '2',
  'storage.location.template' = 's3://BUCKET/plays_json/dt=${dt}/hour=${hour}/'
);
