// Reads aggregates (base64, one a line) with Amazon's npm package and prints what is in them, as JSON, one line each.
"use strict";
const { deaggregateSync } = require("aws-kinesis-agg");
const lines = require("fs").readFileSync(0, "utf8").split("\n").filter(Boolean);
for (const data of lines) {
  const record = { data, partitionKey: "screen-1", sequenceNumber: "1" };
  deaggregateSync(record, true, (error, records) => {
    const told = error ? { error: String(error) } : { records: records.map((r) => [r.partitionKey, r.data]) };
    process.stdout.write(JSON.stringify(told) + "\n");
  });
}
