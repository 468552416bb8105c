// Joins the peers of a copied session to its copy, those too that had left, and puts the copy into use. Of more observers
// than there may be, those that had left come last. A scope that let the session go does not get the copy.
// access: write
// returns: maybe
// scope: workspace
// parameters: workspace_id, session_id, clone_id, most_observers, now
MATCH (t:Session {workspace_id: $workspace_id, id: $clone_id})
WHERE t.is_active = false
// As many numbers are missing as in what was copied: of messages that were retracted or erased.
SET t.is_active = true, t.hidden = t.seq - COUNT {
  MATCH (n:Message {workspace_id: $workspace_id, session_id: $clone_id}) WHERE n.seq > 0
}
WITH t
CALL (t) {
  MATCH (p:Peer)-[m:MEMBER_OF]->(:Session {workspace_id: $workspace_id, id: $session_id})
  WHERE m.left_at IS NULL OR NOT p.id STARTS WITH 'scope.'
  WITH p, m ORDER BY m.left_at IS NOT NULL, m.joined_at, p.id
  WITH collect({peer: p, member: m}) AS found
  WITH found, [one IN found WHERE one.member.observe_others AND NOT one.peer.id STARTS WITH 'scope.' | one.peer.id]
    [..$most_observers] AS observers
  UNWIND found AS one
  WITH one.peer AS p, one.member AS m, observers
  CREATE (p)-[:MEMBER_OF {
    joined_at: $now, observe_me: m.observe_me,
    // A copy keeps the numbers of messages, so who was there for what is known of it too, as far as it goes.
    joined_seq: CASE WHEN m.left_at IS NULL AND m.joined_seq <= t.seq THEN m.joined_seq ELSE t.seq END,
    past_seqs: [
      place IN coalesce(m.past_seqs, []) + CASE
        WHEN m.left_at IS NULL OR m.joined_seq IS NULL OR m.left_seq IS NULL THEN []
        ELSE [m.joined_seq, m.left_seq]
      END
      | CASE WHEN place > t.seq THEN t.seq ELSE place END
    ],
    observe_others: CASE
      WHEN m.observe_others AND NOT p.id STARTS WITH 'scope.' AND NOT p.id IN observers THEN false
      ELSE m.observe_others
    END
  }]->(t)
}
RETURN
  t.id AS id, t.uid AS uid, t.workspace_id AS workspace_id, t.is_active AS is_active, t.metadata AS metadata,
  t.configuration AS configuration, t.created_at AS created_at
