-- What came, by arrival day: lines, lines that are no play, plays that are new, copies; and what a count inside one day would give.
-- The sum of counted_inside_the_day over the days, less the sum of new_plays, is what such a count bills twice.
-- conflicting: another copy of that id says something else. That never happens by itself: keep the files, and ask `plays verify`.
-- Parameters: the first and the last arrival day (UTC).
SELECT
  dt,
  count(*) AS lines,
  count_if(id IS NULL) AS lines_without_id,
  count_if(id IS NOT NULL AND copy = 1) AS new_plays,
  count_if(id IS NOT NULL AND copy > 1) AS copies,
  count_if(id IS NOT NULL AND copy_of_the_day = 1) AS counted_inside_the_day,
  count_if(id IS NOT NULL AND hash <> first_hash) AS conflicting
FROM (
  SELECT
    dt,
    id,
    hash,
    row_number() OVER (PARTITION BY id ORDER BY dt, hour, "$path") AS copy,
    row_number() OVER (PARTITION BY id, dt ORDER BY hour, "$path") AS copy_of_the_day,
    first_value(hash) OVER (PARTITION BY id ORDER BY dt, hour, "$path") AS first_hash
  FROM plays_json
) AS arrivals
WHERE dt BETWEEN ? AND ?
GROUP BY dt
ORDER BY dt;
