-- Every fair price of a game in play when the scoreboard brought something new, one row an outcome,
-- beside the market's own mid and what became of the game. `mid` is NULL without both sides of a
-- live book; `result` is NULL until the game has one, and `won` too where it stands without a
-- winner. `detail` is the text of the scoreboard at that moment.
-- $league = %: a league, or a pattern such as `uefa.%`
SELECT
    priced.date,
    priced.league,
    priced.game_id,
    priced.recv_ns,
    priced.seq,
    priced.outcome,
    priced.period,
    priced.clock_s,
    priced.status,
    games.detail,
    priced.home_score,
    priced.away_score,
    priced.fair,
    CASE WHEN priced.link = 'live' THEN (priced.bid + priced.ask) / 2 END AS mid,
    priced.model,
    results.result,
    CASE WHEN results.result <> 'split' THEN priced.outcome = results.result END AS won
FROM (
    SELECT * FROM ticks
    WHERE cause = 'score' AND state = 'in' AND fair IS NOT NULL AND league LIKE $league
) AS priced
ASOF LEFT JOIN games
    ON priced.game_id = games.game_id AND priced.recv_ns >= games.recv_ns
LEFT JOIN results ON priced.game_id = results.game_id
ORDER BY priced.league, priced.game_id, priced.recv_ns, priced.seq, priced.outcome
