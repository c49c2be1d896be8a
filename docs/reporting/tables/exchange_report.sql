-- What an exchange says that it counted: its own report, brought into this shape, one JSON object a line.
-- report_date must be cut as plays are here: in UTC. Ask the exchange which day its report means.
CREATE EXTERNAL TABLE IF NOT EXISTS exchange_report (
  `report_date` string COMMENT 'yyyy-MM-dd, UTC',
  `exchange` string COMMENT 'exchange.name of the configuration',
  `campaign_id` string COMMENT 'as in the bid; empty where the bid has none',
  `currency` string COMMENT 'ISO 4217',
  `plays` bigint COMMENT 'billed plays',
  `impressions` string COMMENT 'people, decimal number in text',
  `amount` string COMMENT 'money, decimal number in text'
)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
LOCATION 's3://BUCKET/exchange_report/';
