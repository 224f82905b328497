-- How old the facts were behind the ticks of games in play, by league: seconds since the last good
-- poll of the scoreboard and since the book's link was heard, at half, nine tenths and 99 of 100
-- ticks and at worst; and the shares of the ticks that a gate of each kind kept from signalling.
-- $league = %: a league, or a pattern such as `uefa.%`
SELECT
    date,
    league,
    count(*) AS ticks,
    round(quantile_cont(score_age_s, 0.5), 6) AS score_p50_s,
    round(quantile_cont(score_age_s, 0.9), 6) AS score_p90_s,
    round(quantile_cont(score_age_s, 0.99), 6) AS score_p99_s,
    max(score_age_s) AS score_max_s,
    round(quantile_cont(book_age_s, 0.5), 6) AS book_p50_s,
    round(quantile_cont(book_age_s, 0.9), 6) AS book_p90_s,
    round(quantile_cont(book_age_s, 0.99), 6) AS book_p99_s,
    max(book_age_s) AS book_max_s,
    round(avg((gate = 'stale_score')::INTEGER), 6) AS stale_score,
    round(avg((gate = 'stale_book')::INTEGER), 6) AS stale_book,
    round(avg((gate = 'score_disputed')::INTEGER), 6) AS disputed,
    round(avg((gate LIKE 'link%' OR gate = 'book_invalid')::INTEGER), 6) AS no_book
FROM ticks
WHERE state = 'in' AND league LIKE $league
GROUP BY date, league
ORDER BY date, league
