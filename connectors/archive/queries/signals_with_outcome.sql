-- Every signal once: how it opened, what the book did next, how it ended, and what a share bought at
-- its cost has paid. `mid` is the outcome's when the signal opened, `mid_10s` and `mid_60s` the last
-- ones 10 s and 60 s later, NULL where the book showed none. `cost` holds `fee`. `won` and `pnl`
-- (dollars a share net of the fee, held to the end) are NULL until the game has a winner.
-- $game_id = %: a game, or a pattern such as `nba:%`
WITH opened AS (
    SELECT
        *,
        round((bid + ask) / 2, 6) AS mid,
        recv_ns + 10000000000 AS after_10s_ns,
        recv_ns + 60000000000 AS after_60s_ns
    FROM signals
    WHERE transition = 'open' AND game_id LIKE $game_id
),

closed AS (
    SELECT
        signal_id,
        arg_max(reason, recv_ns) AS close_reason,
        max(recv_ns) AS close_ns
    FROM signals
    WHERE transition = 'close'
    GROUP BY signal_id
),

mids AS (
    SELECT
        game_id,
        outcome,
        recv_ns,
        round(last(CASE WHEN link = 'live' THEN (bid + ask) / 2 END ORDER BY seq), 6) AS mid
    FROM ticks
    WHERE game_id LIKE $game_id
    GROUP BY game_id, outcome, recv_ns
)

SELECT
    make_timestamp(opened.recv_ns // 1000) AS opened_utc,
    (closed.close_ns - opened.recv_ns) / 1e9 AS open_s,
    closed.close_reason,
    opened.game_id,
    opened.outcome,
    opened.model,
    opened.fair,
    opened.cost,
    opened.fee,
    opened.edge,
    opened.size,
    opened.kelly,
    opened.mid,
    soon.mid AS mid_10s,
    later.mid AS mid_60s,
    results.home_score,
    results.away_score,
    results.result,
    nullif(results.result, 'split') = opened.outcome AS won,
    round(won::INTEGER - opened.cost, 6) AS pnl,
    opened.signal_id
FROM opened
LEFT JOIN closed USING (signal_id)
LEFT JOIN results ON opened.game_id = results.game_id
ASOF LEFT JOIN mids AS soon
    ON opened.game_id = soon.game_id AND opened.outcome = soon.outcome
    AND opened.after_10s_ns >= soon.recv_ns
ASOF LEFT JOIN mids AS later
    ON opened.game_id = later.game_id AND opened.outcome = later.outcome
    AND opened.after_60s_ns >= later.recv_ns
ORDER BY opened.recv_ns, opened.signal_id
