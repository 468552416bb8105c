// Joins peers to a session, creating those that are missing. One that had left comes back with the configuration given
// and its earlier stay is kept; one that is in keeps the time it joined, and its configuration unless told otherwise.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, session_id, members, replace, now
MATCH (s:Session {workspace_id: $workspace_id, id: $session_id})-[:IN_WORKSPACE]->(w:Workspace)
UNWIND $members AS member
MERGE (p:Peer {workspace_id: $workspace_id, id: member.id})
ON CREATE SET
  p.uid = member.uid, p.metadata = '{}', p.metadata_terms = [], p.configuration = '{}', p.created_at = $now
FOREACH (_ IN CASE WHEN p.uid = member.uid THEN [1] ELSE [] END | CREATE (p)-[:IN_WORKSPACE]->(w))
MERGE (p)-[m:MEMBER_OF]->(s)
ON CREATE SET
  m.joined_at = $now, m.joined_seq = s.seq,
  m.observe_me = member.observe_me, m.observe_others = member.observe_others
FOREACH (_ IN CASE WHEN $replace = true OR m.left_at IS NOT NULL THEN [1] ELSE [] END |
  SET m.observe_me = member.observe_me, m.observe_others = member.observe_others)
FOREACH (_ IN CASE WHEN m.left_at IS NOT NULL THEN [1] ELSE [] END |
  SET
    m.past = coalesce(m.past, []) + [m.joined_at, m.left_at],
    m.past_seqs = coalesce(m.past_seqs, []) + CASE
      WHEN m.joined_seq IS NULL OR m.left_seq IS NULL THEN [] ELSE [m.joined_seq, m.left_seq]
    END,
    m.joined_at = $now, m.joined_seq = s.seq, m.left_at = null, m.left_seq = null)
