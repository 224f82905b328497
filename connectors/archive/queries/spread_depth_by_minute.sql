-- Spread and depth of every outcome by minute: what its ticks with a live book showed on average.
-- `spread` and `widest` are dollars, `bid_size` and `ask_size` the shares at the best prices,
-- `slippage` what the configured size costs above the mid without its fee, `mid` the minute's last.
-- A minute in which nothing changed has no row: the book stood as before.
-- $game_id = %: a game, or a pattern such as `nba:%`
-- $minute_s = 60: seconds of a minute, for evenings that were played faster than life
SELECT
    make_timestamp(
        (recv_ns // ($minute_s::DOUBLE * 1e9)::BIGINT) * ($minute_s::DOUBLE * 1e6)::BIGINT
    ) AS minute_utc,
    league,
    game_id,
    outcome,
    last(state ORDER BY recv_ns, seq) AS state,
    count(*) AS updates,
    round(avg(ask - bid), 6) AS spread,
    round(max(ask - bid), 6) AS widest,
    round(avg(bid_size), 6) AS bid_size,
    round(avg(ask_size), 6) AS ask_size,
    round(avg(cost - fee - (bid + ask) / 2), 6) AS slippage,
    round(last((bid + ask) / 2 ORDER BY recv_ns, seq), 6) AS mid
FROM ticks
WHERE link = 'live' AND bid IS NOT NULL AND ask IS NOT NULL AND game_id LIKE $game_id
GROUP BY ALL
ORDER BY minute_utc, game_id, outcome
