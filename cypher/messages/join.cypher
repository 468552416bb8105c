// Joins authors to a session; one that had left comes back with nothing configured, and its earlier stay is kept.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, peer_ids, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})
UNWIND $peer_ids AS peer_id
MATCH (p:Peer {workspace_id: $workspace_id, id: peer_id})
MERGE (p)-[m:MEMBER_OF]->(s)
ON CREATE SET m.joined_at = $now, m.joined_seq = s.seq
ON MATCH SET
  m.past = coalesce(m.past, []) + [m.joined_at, m.left_at],
  m.past_seqs = coalesce(m.past_seqs, []) + CASE
    WHEN m.joined_seq IS NULL OR m.left_seq IS NULL THEN [] ELSE [m.joined_seq, m.left_seq]
  END,
  m.joined_at = $now, m.joined_seq = s.seq, m.left_at = null, m.left_seq = null,
  m.observe_me = null, m.observe_others = null
