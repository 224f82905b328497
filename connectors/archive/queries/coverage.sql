-- Of which games there were prices, by league and slate day: what the scoreboards and the venue
-- listed, how much of it was matched, and why the rest was not. A game that was matched once counts
-- as matched, also when the venue took it off its list later. `reasons` counts what was refused by
-- the last reason it had, the commonest first. An event that no game was found for is one of those.
-- $league = %: a league, or a pattern such as `uefa.%`
WITH listed AS (
    SELECT *, CASE WHEN game_id <> '' THEN game_id ELSE event_slug END AS name
    FROM slates
    WHERE league LIKE $league
),

matched AS (
    SELECT game_id, max(date) AS date, any_value(league) AS league, max(event_slug) AS event_slug
    FROM listed
    WHERE token_id <> ''
    GROUP BY game_id
),

refused AS (
    SELECT
        name,
        max(date) AS date,
        any_value(league) AS league,
        arg_max(reason, (recv_ns, seq)) AS reason
    FROM listed
    WHERE reason <> ''
        AND game_id NOT IN (SELECT game_id FROM matched)
        AND event_slug NOT IN (SELECT event_slug FROM matched WHERE event_slug <> '')
    GROUP BY name
),

by_reason AS (
    SELECT date, league, reason, count(*) AS refusals
    FROM refused
    GROUP BY ALL
),

by_league AS (
    SELECT
        date,
        league,
        sum(refusals)::BIGINT AS refused,
        string_agg(reason || ' ' || refusals, ', ' ORDER BY refusals DESC, reason) AS reasons
    FROM by_reason
    GROUP BY ALL
),

matches AS (
    SELECT date, league, count(*) AS matched
    FROM matched
    GROUP BY ALL
)

SELECT
    date,
    league,
    coalesce(matched, 0) AS matched,
    coalesce(refused, 0) AS refused,
    coalesce(matched, 0) / (coalesce(matched, 0) + coalesce(refused, 0)) AS share,
    coalesce(reasons, '') AS reasons
FROM matches
FULL JOIN by_league USING (date, league)
ORDER BY date, league
