-- How long the book moved before the score change behind it was seen: one row a score change, told
-- by the home side's mid. `before` is the mid $window_s before the poll that showed the change,
-- `at_poll` the last one before that poll, `after` the mid $window_s after it; `known` is the share
-- of the way from `before` to `after` that was gone at the poll. `lead_s` says how long before the
-- poll the mid had gone half of that way (negative: after it); NULL where it went no $least_move.
-- Another score change within $window_s disturbs all of it: `alone` tells that there was none.
-- $game_id = %: a game, or a pattern such as `nba:%`
-- $window_s = 60: seconds that are looked at on both sides of the poll
-- $least_move = 0.02: dollars that the mid must have moved to be a move at all
WITH seen AS (
    SELECT
        game_id,
        league,
        date,
        recv_ns,
        home_score,
        away_score,
        detail,
        home_score - lag(home_score) OVER game AS home_points,
        away_score - lag(away_score) OVER game AS away_points
    FROM games
    WHERE state = 'in' AND game_id LIKE $game_id
    WINDOW game AS (PARTITION BY game_id ORDER BY recv_ns, seq)
),

changes AS (
    SELECT
        *,
        ($window_s::DOUBLE * 1e9)::BIGINT AS window_ns,
        recv_ns - window_ns AS from_ns,
        recv_ns + window_ns AS to_ns,
        recv_ns - 1 AS just_before_ns,
        coalesce(recv_ns - lag(recv_ns) OVER game > window_ns, true)
        AND coalesce(lead(recv_ns) OVER game - recv_ns > window_ns, true) AS alone
    FROM seen
    WHERE home_points <> 0 OR away_points <> 0
    WINDOW game AS (PARTITION BY game_id ORDER BY recv_ns)
),

mids AS (
    SELECT game_id, recv_ns, round(last((bid + ask) / 2 ORDER BY seq), 5) AS mid
    FROM ticks
    WHERE outcome = 'home' AND link = 'live' AND bid IS NOT NULL AND ask IS NOT NULL
        AND game_id LIKE $game_id
    GROUP BY game_id, recv_ns
),

moves AS (
    SELECT
        changes.*,
        first.mid AS before,
        middle.mid AS at_poll,
        final.mid AS after,
        round(final.mid - first.mid, 5) AS moved
    FROM changes
    ASOF LEFT JOIN mids AS first
        ON changes.game_id = first.game_id AND changes.from_ns >= first.recv_ns
    ASOF LEFT JOIN mids AS middle
        ON changes.game_id = middle.game_id AND changes.just_before_ns >= middle.recv_ns
    ASOF LEFT JOIN mids AS final
        ON changes.game_id = final.game_id AND changes.to_ns >= final.recv_ns
),

half_way AS (
    SELECT moves.game_id, moves.recv_ns, min(mids.recv_ns) AS half_ns
    FROM moves
    INNER JOIN mids
        ON moves.game_id = mids.game_id
        AND mids.recv_ns > moves.from_ns AND mids.recv_ns <= moves.to_ns
    WHERE (mids.mid - moves.before) * sign(moves.moved) >= abs(moves.moved) / 2
        AND abs(moves.moved) >= $least_move::DOUBLE
    GROUP BY moves.game_id, moves.recv_ns
)

SELECT
    make_timestamp(moves.recv_ns // 1000) AS seen_utc,
    moves.date,
    moves.league,
    moves.game_id,
    moves.detail,
    moves.home_score,
    moves.away_score,
    moves.home_points,
    moves.away_points,
    moves.before,
    moves.at_poll,
    moves.after,
    moves.moved,
    CASE
        WHEN half_way.half_ns IS NOT NULL THEN round((moves.at_poll - moves.before) / moves.moved, 5)
    END AS known,
    (moves.recv_ns - half_way.half_ns) / 1e9 AS lead_s,
    moves.alone
FROM moves
LEFT JOIN half_way USING (game_id, recv_ns)
ORDER BY moves.recv_ns, moves.game_id
