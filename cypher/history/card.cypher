// Lists what the card of a perspective may have told at a time, as `cards/candidates` lists what it may tell now. How often
// and when last it had been said by then is told by its proof.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, perspective, slots, of_slot, firm, firmest, patterns, as_of
CALL () {
  MATCH (n:Conclusion {perspective: $perspective})
  WHERE n.workspace_id = $workspace_id AND n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
    AND none(
      place IN range(0, size(coalesce(n.away_from, [])) - 1)
      WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
    )
  WITH n,
    // A derivation counts once, and so does each time that a message said it.
    CASE WHEN n.reinforced_at > $as_of AND n.level <> 'inductive' THEN n.times_derived - COUNT {
      MATCH (n)-[proof:DERIVED_FROM]->(base)
      WHERE proof.at > $as_of
      RETURN DISTINCT CASE WHEN base:Conclusion THEN proof.support ELSE toString(proof.at) END AS once
    } ELSE n.times_derived END AS times
  WITH collect({n: n, times: CASE WHEN times > 1 THEN times ELSE 1 END}) AS held
  CALL (held) {
    UNWIND held AS one
    WITH one.n AS n, one.times AS times
    WHERE n.slot IN $slots AND coalesce(n.lasting, 'lasting') = 'lasting' AND NOT coalesce(n.negated, false)
    WITH n, times ORDER BY n.created_at DESC
    WITH n.slot AS slot, collect({n: n, times: times})[..$of_slot] AS newest
    UNWIND newest AS one
    RETURN one.n AS n, one.times AS times
    UNION
    UNWIND held AS one
    WITH one.n AS n, one.times AS times
    WHERE times >= $firm
    RETURN n, times ORDER BY times DESC, n.created_at DESC
    LIMIT $firmest
    UNION
    UNWIND held AS one
    WITH one.n AS n, one.times AS times
    WHERE n.level = 'inductive'
    RETURN n, times ORDER BY n.created_at DESC
    LIMIT $patterns
  }
  RETURN n, times
}
WITH n, times
WHERE coalesce(n.lasting, 'lasting') = 'lasting' AND n.level <> 'contradiction'
  AND NOT EXISTS {
    MATCH (n)-[clash:CONTRADICTS]-(other:Conclusion)
    WHERE coalesce(clash.at, other.created_at) <= $as_of
      AND other.created_at <= $as_of AND (other.retired_at IS NULL OR other.retired_at > $as_of)
      AND none(
        place IN range(0, size(coalesce(other.away_from, [])) - 1)
        WHERE other.away_from[place] <= $as_of AND $as_of < other.away_until[place]
      )
  }
CALL (n) {
  MATCH (n)-[proof:DERIVED_FROM]->(m:Message|Retracted)
  WHERE n.reinforced_at > $as_of AND n.level = 'explicit' AND coalesce(proof.at, n.created_at) <= $as_of
  RETURN max(m.created_at) AS said_at
}
RETURN
  n.perspective AS perspective,
  CASE WHEN n.session_id IS NOT NULL THEN [n.session_id] ELSE COLLECT {
    MATCH (n)-[:DERIVED_FROM]->(p:Conclusion) WHERE p.session_id IS NOT NULL AND p.created_at <= $as_of
    WITH p LIMIT 20 RETURN DISTINCT p.session_id
  } END AS session_ids, n.id AS id, n.content AS content, n.slot AS slot,
  n.slot_key AS slot_key, coalesce(n.negated, false) AS negated, n.level = 'inductive' AS pattern,
  times AS times_derived, coalesce(said_at, n.observed_at) AS observed_at, n.created_at AS created_at
