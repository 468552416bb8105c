// Counts what a workspace held at a time.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, as_of
// slots: where
MATCH (n:Conclusion {workspace_id: $workspace_id})
WHERE n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
  AND none(
    place IN range(0, size(coalesce(n.away_from, [])) - 1)
    WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
  )
  AND {{where}}
RETURN count(n) AS total
