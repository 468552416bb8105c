// Finds the newest conclusions of a perspective that rest, down to the last premise, only on messages that both its holder
// and another peer were there for. Of a stay that was begun before places were recorded, what the peer observed counts.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, present_ids, limit
MATCH (n:Held {perspective: $perspective})
USING INDEX n:Held(perspective, created_at)
WHERE n.workspace_id = $workspace_id AND n.created_at IS NOT NULL
  AND EXISTS { (n)-[:DERIVED_FROM*1..6]->(:Message) }
  // What rests on something without proof, or on more than can be followed, is not shown.
  AND NOT EXISTS {
    MATCH (n)-[:DERIVED_FROM*1..5]->(premise:Conclusion)
    WHERE NOT EXISTS { (premise)-[:DERIVED_FROM]->(:Message|Conclusion) }
  }
  AND NOT EXISTS { (n)-[:DERIVED_FROM*6]->(:Conclusion) }
  AND NOT EXISTS {
    MATCH (n)-[:DERIVED_FROM*1..6]->(m:Message)
    UNWIND $present_ids AS present_id
    WITH m, present_id
    WHERE present_id <> m.peer_id
      AND NOT EXISTS {
        MATCH (:Session {workspace_id: $workspace_id, id: m.session_id})<-[stay:MEMBER_OF]-(member)
        WHERE member.id = present_id AND (
          (stay.joined_seq < m.seq AND (stay.left_at IS NULL OR m.seq <= stay.left_seq))
          OR any(
            place IN range(0, size(coalesce(stay.past_seqs, [])) - 2, 2)
            WHERE stay.past_seqs[place] < m.seq AND m.seq <= stay.past_seqs[place + 1]
          )
          OR (stay.joined_seq IS NULL AND present_id IN coalesce(m.observer_ids, []))
        )
      }
    RETURN present_id
  }
WITH n ORDER BY n.perspective DESC, n.created_at DESC, n.id
LIMIT $limit
RETURN collect({
  id: n.id, workspace_id: n.workspace_id, observer_id: n.observer_id, observed_id: n.observed_id,
  session_id: n.session_id, level: n.level, content: n.content,
  created_us: n.created_at.epochMillis * 1000 + n.created_at.microsecond % 1000,
  observed_us: n.observed_at.epochMillis * 1000 + n.observed_at.microsecond % 1000,
  about_us: n.about_at.epochMillis * 1000 + n.about_at.microsecond % 1000,
  times_derived: n.times_derived, confidence: n.confidence,
  source_ids: [(n)-[:DERIVED_FROM]->(premise:Conclusion) | premise.id],
  source_message_ids: COLLECT { MATCH (n)-[:DERIVED_FROM*1..6]->(m:Message) RETURN DISTINCT m.id ORDER BY m.id },
  premises: [(n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.observer_id = n.observer_id | premise.content],
  premised_us: [
    (n)-[:DERIVED_FROM]->(premise:Held) WHERE premise.observer_id = n.observer_id
    | premise.observed_at.epochMillis * 1000 + premise.observed_at.microsecond % 1000
  ],
  branch: 'recent', distance: null
}) AS found
