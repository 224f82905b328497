-- What became of every game that is over, one row a game: its last score, and the outcome that pays.
-- `result` is `split` where the game stands without a winner (a tie, a walkover). A game with a
-- market on the draw is decided by the score of the 90 minutes: after extra time that is the last
-- one seen before it.
WITH finished AS (
    SELECT
        game_id,
        arg_max(league, (recv_ns, seq)) AS league,
        max(date) AS date,
        arg_max(status, (recv_ns, seq)) AS status,
        arg_max(winner, (recv_ns, seq)) AS winner,
        arg_max(home_score, (recv_ns, seq)) AS home_score,
        arg_max(away_score, (recv_ns, seq)) AS away_score,
        arg_max(period, (recv_ns, seq)) AS period
    FROM games
    WHERE completed
    GROUP BY game_id
),

regulation AS (
    SELECT game_id, arg_max(home_score - away_score, (recv_ns, seq)) AS lead
    FROM games
    WHERE state = 'in' AND period <= 2
    GROUP BY game_id
),

three_way AS (
    SELECT DISTINCT game_id FROM ticks WHERE outcome = 'draw'
),

decided AS (
    SELECT
        finished.*,
        CASE
            WHEN status IN ('walkover', 'forfeit') THEN NULL
            WHEN three_way.game_id IS NULL THEN
                CASE winner
                    WHEN 'home' THEN 1
                    WHEN 'away' THEN -1
                    WHEN 'draw' THEN NULL
                    ELSE nullif(sign(home_score - away_score), 0)
                END
            WHEN status IN ('final_aet', 'final_pen') OR period > 2
                THEN sign(coalesce(regulation.lead, 0))
            ELSE sign(home_score - away_score)
        END AS side
    FROM finished
    LEFT JOIN regulation USING (game_id)
    LEFT JOIN three_way USING (game_id)
)

SELECT
    date,
    league,
    game_id,
    status,
    home_score,
    away_score,
    CASE side WHEN 1 THEN 'home' WHEN 0 THEN 'draw' WHEN -1 THEN 'away' ELSE 'split' END AS result
FROM decided
