-- Numbers that a screen gave twice, to different plays: two players under one screen.id, or a state folder that was copied or lost.
-- Parameters: the first and the last day (UTC).
SELECT
  screen_id,
  seq,
  count(*) AS plays,
  count(DISTINCT boot_id) AS boots,
  count(DISTINCT key_id) AS signing_keys,
  min(started_at) AS first_started_at,
  max(started_at) AS last_started_at
FROM plays
GROUP BY screen_id, seq
HAVING count(*) > 1 AND CAST(max(started_at) AS date) BETWEEN CAST(? AS date) AND CAST(? AS date)
ORDER BY screen_id, seq;
