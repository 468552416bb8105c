// Finds the newest conclusions that a perspective held at a time and that rested then, down to the last premise, only on
// messages sent by then that both its holder and another peer were there for; what was retracted since counts.
// access: read
// returns: one
// scope: workspace
// parameters: workspace_id, perspective, present_ids, as_of, limit
MATCH (n:Conclusion {perspective: $perspective})
WHERE n.workspace_id = $workspace_id AND n.created_at <= $as_of AND (n.retired_at IS NULL OR n.retired_at > $as_of)
  AND none(
    place IN range(0, size(coalesce(n.away_from, [])) - 1)
    WHERE n.away_from[place] <= $as_of AND $as_of < n.away_until[place]
  )
  AND EXISTS {
    MATCH (n)((x)-[proof:DERIVED_FROM]->() WHERE coalesce(proof.at, x.created_at) <= $as_of){1,6}(m:Message|Retracted)
    WHERE m:Message OR m.retracted_at > $as_of
  }
  // What rests on something without proof, or on more than can be followed, is not shown.
  AND NOT EXISTS {
    MATCH (n)((x)-[proof:DERIVED_FROM]->() WHERE coalesce(proof.at, x.created_at) <= $as_of){1,5}(premise:Conclusion)
    WHERE NOT EXISTS {
      MATCH (premise)-[under:DERIVED_FROM]->(base:Message|Retracted|Conclusion)
      WHERE coalesce(under.at, premise.created_at) <= $as_of AND (NOT base:Retracted OR base.retracted_at > $as_of)
    }
  }
  AND NOT EXISTS {
    MATCH (n)((x)-[proof:DERIVED_FROM]->() WHERE coalesce(proof.at, x.created_at) <= $as_of){6}(:Conclusion)
  }
  AND NOT EXISTS {
    MATCH (n)((x)-[proof:DERIVED_FROM]->() WHERE coalesce(proof.at, x.created_at) <= $as_of){1,6}(m:Message|Retracted)
    WHERE m:Message OR m.retracted_at > $as_of
    UNWIND $present_ids AS present_id
    WITH m, present_id
    WHERE m.created_at > $as_of OR (present_id <> m.peer_id
      AND NOT EXISTS {
        MATCH (:Session {workspace_id: $workspace_id, id: m.session_id})<-[stay:MEMBER_OF]-(member)
        WHERE member.id = present_id AND (
          // A stay is told by numbers of messages, so it says of each who was there, whenever that is asked.
          (stay.joined_seq < m.seq AND (stay.left_at IS NULL OR m.seq <= stay.left_seq))
          OR any(
            place IN range(0, size(coalesce(stay.past_seqs, [])) - 2, 2)
            WHERE stay.past_seqs[place] < m.seq AND m.seq <= stay.past_seqs[place + 1]
          )
          OR (stay.joined_seq IS NULL AND present_id IN coalesce(m.observer_ids, []))
        )
      })
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
  source_ids: [(n)-[:DERIVED_FROM]->(premise:Conclusion) WHERE premise.created_at <= $as_of | premise.id],
  source_message_ids: COLLECT {
    MATCH (n)((x)-[proof:DERIVED_FROM]->() WHERE coalesce(proof.at, x.created_at) <= $as_of){1,6}(m:Message)
    RETURN DISTINCT m.id ORDER BY m.id
  },
  premises: [
    (n)-[:DERIVED_FROM]->(premise:Conclusion)
    WHERE premise.observer_id = n.observer_id AND premise.created_at <= $as_of | premise.content
  ],
  premised_us: [
    (n)-[:DERIVED_FROM]->(premise:Conclusion)
    WHERE premise.observer_id = n.observer_id AND premise.created_at <= $as_of
    | premise.observed_at.epochMillis * 1000 + premise.observed_at.microsecond % 1000
  ],
  branch: 'recent', distance: null
}) AS found
