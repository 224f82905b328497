-- Every signal once: how it opened, how it ended, and what a share bought at its cost has paid.
-- `won` and `pnl` (dollars a share, held to the end) are NULL until the game has a result.
WITH results AS (
    SELECT
        game_id,
        arg_max(winner, recv_ns) AS winner,
        arg_max(home_score, recv_ns) AS home_score,
        arg_max(away_score, recv_ns) AS away_score
    FROM games
    WHERE completed
    GROUP BY game_id
),

closed AS (
    SELECT
        signal_id,
        arg_max(reason, recv_ns) AS close_reason,
        max(recv_ns) AS close_ns
    FROM signals
    WHERE transition = 'close'
    GROUP BY signal_id
)

SELECT
    make_timestamp(opened.recv_ns // 1000) AS opened_utc,
    (closed.close_ns - opened.recv_ns) / 1e9 AS open_s,
    closed.close_reason,
    opened.game_id,
    opened.outcome,
    opened.fair,
    opened.cost,
    opened.edge,
    opened.size,
    opened.kelly,
    results.home_score,
    results.away_score,
    opened.outcome = results.winner AS won,
    (opened.outcome = results.winner)::INTEGER - opened.cost AS pnl,
    opened.signal_id
FROM signals AS opened
LEFT JOIN closed USING (signal_id)
LEFT JOIN results USING (game_id)
WHERE opened.transition = 'open'
ORDER BY opened.recv_ns, opened.signal_id
