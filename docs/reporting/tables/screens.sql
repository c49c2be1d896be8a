-- Yours to fill: where each screen stands. Needed by the queries that speak of local days and opening hours.
CREATE EXTERNAL TABLE IF NOT EXISTS screens (
  `screen_id` string COMMENT 'screen.id of the configuration',
  `time_zone` string COMMENT 'IANA name, such as Europe/Berlin',
  `hours_per_day` double COMMENT 'how long it shall be lit a day; empty: 24'
)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
LOCATION 's3://BUCKET/screens/';
