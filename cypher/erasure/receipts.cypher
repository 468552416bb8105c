// Lists one page of a workspace's receipts, the newest first.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, skip, limit
MATCH (n:Receipt {workspace_id: $workspace_id})
WHERE n.created_at IS NOT NULL
WITH n ORDER BY n.workspace_id DESC, n.created_at DESC
SKIP $skip LIMIT $limit
RETURN
  n.id AS id, n.kind AS kind, n.subject_hash AS subject_hash, n.created_at AS created_at, n.finished_at AS finished_at,
  n.messages AS messages, n.conclusions AS conclusions, n.summaries AS summaries, n.pieces AS pieces, n.runs AS runs,
  n.cards AS cards
