-- One game from its first row to its last: score, and the book and fair price of each outcome,
-- each time one of them changed.
-- $game_id: the game, `<league>:<ESPN event id>`
SELECT
    make_timestamp(recv_ns // 1000) AS at_utc,
    outcome,
    cause,
    state,
    period,
    clock_s,
    home_score,
    away_score,
    bid,
    ask,
    fair,
    edge,
    link,
    score_age_s,
    book_age_s
FROM (
    SELECT
        *,
        row(bid, ask, fair, home_score, away_score, period, state, link) AS shown,
        lag(shown) OVER (PARTITION BY outcome ORDER BY seq) AS shown_before
    FROM ticks
    WHERE game_id = $game_id
)
WHERE shown IS DISTINCT FROM shown_before
ORDER BY seq, outcome
