// Lists what others said in a session around an author's messages, for context, as far as all who will hold what follows
// from it were there for it too.
// access: read
// returns: many
// scope: workspace
// parameters: workspace_id, session_id, peer_id, listener_ids, first_seq, last_seq, limit
MATCH (m:Message {workspace_id: $workspace_id, session_id: $session_id})
WHERE m.seq >= $first_seq AND m.seq <= $last_seq AND m.peer_id <> $peer_id
  AND NOT EXISTS {
    UNWIND $listener_ids AS listener_id
    WITH listener_id
    WHERE listener_id <> m.peer_id AND NOT listener_id IN coalesce(m.observer_ids, [])
      AND NOT EXISTS {
        MATCH (:Session {workspace_id: $workspace_id, id: $session_id})<-[stay:MEMBER_OF]-(member)
        WHERE member.id = listener_id AND (
          (stay.joined_seq < m.seq AND (stay.left_at IS NULL OR m.seq <= stay.left_seq))
          OR any(
            place IN range(0, size(coalesce(stay.past_seqs, [])) - 2, 2)
            WHERE stay.past_seqs[place] < m.seq AND m.seq <= stay.past_seqs[place + 1]
          )
        )
      }
    RETURN listener_id
  }
RETURN m.id AS id, m.seq AS seq, m.peer_id AS peer_id, m.content AS content, m.created_at AS created_at
ORDER BY m.workspace_id DESC, m.session_id DESC, m.seq DESC
LIMIT $limit
