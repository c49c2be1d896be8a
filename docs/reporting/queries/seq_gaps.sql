-- Numbers of plays that are missing between two that came, per screen, and what the hash chain says of them.
-- Parameters: the first and the last day (UTC) of the play after the gap.
--   not arrived: plays were closed there that are not here. They wait on the screen (see its heartbeat), or were lost on the way.
--   no play closed: the chain goes on across the gap, so no proof exists: the numbers were of plays in a journal that was damaged.
--   journal begun anew: the chain begins there. The card, the state folder or the whole journal was lost or replaced.
WITH ordered AS (
  SELECT
    screen_id,
    seq,
    started_at,
    play_date,
    boot_id,
    prev_hash,
    lag(seq) OVER (PARTITION BY screen_id ORDER BY seq, started_at) AS seq_before,
    lag(ended_at) OVER (PARTITION BY screen_id ORDER BY seq, started_at) AS ended_before,
    lag(boot_id) OVER (PARTITION BY screen_id ORDER BY seq, started_at) AS boot_before,
    lag(hash) OVER (PARTITION BY screen_id ORDER BY seq, started_at) AS hash_before
  FROM plays
)
SELECT
  screen_id,
  seq_before + 1 AS first_missing,
  seq - 1 AS last_missing,
  seq - seq_before - 1 AS missing,
  ended_before AS shown_until,
  started_at AS shown_again_at,
  boot_before <> boot_id AS booted_between,
  CASE
    WHEN prev_hash IS NULL THEN 'journal begun anew'
    WHEN prev_hash = hash_before THEN 'no play closed'
    ELSE 'not arrived'
  END AS finding
FROM ordered
WHERE seq > seq_before + 1 AND play_date BETWEEN CAST(? AS date) AND CAST(? AS date)
ORDER BY screen_id, first_missing;
