-- What could not be used, by source and reason: how often, when first and last, and the latest one
-- as an example. `seq` is the frame of that example: its bytes are in the journal.
-- $source = %: a source, or a pattern such as `espn:%`
SELECT
    source,
    reason,
    count(*) AS letters,
    count(DISTINCT (date, seq)) AS frames,
    make_timestamp(min(recv_ns) // 1000) AS first_utc,
    make_timestamp(max(recv_ns) // 1000) AS last_utc,
    arg_max(seq, (recv_ns, seq)) AS seq,
    arg_max(detail, (recv_ns, seq)) AS detail,
    arg_max(excerpt, (recv_ns, seq)) AS excerpt
FROM dead_letters
WHERE source LIKE $source
GROUP BY source, reason
ORDER BY letters DESC, source, reason
