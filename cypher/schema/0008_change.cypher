// What a peer has in one slot at a time: only a few are compared when one of them changes.
CREATE INDEX held_slot IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.slot);
// What a perspective holds from one session, within which texts are merged.
CREATE INDEX held_session IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.session_id);

// The past: what was learnt, and when what was learnt stopped holding, living or not.
CREATE INDEX conclusion_perspective IF NOT EXISTS FOR (n:Conclusion) ON (n.perspective, n.created_at);
CREATE INDEX conclusion_created IF NOT EXISTS FOR (n:Conclusion) ON (n.workspace_id, n.created_at);
CREATE INDEX conclusion_retired IF NOT EXISTS FOR (n:Conclusion) ON (n.perspective, n.retired_at);
CREATE INDEX conclusion_reinforced IF NOT EXISTS FOR (n:Conclusion) ON (n.perspective, n.reinforced_at);
CREATE INDEX conclusion_away IF NOT EXISTS FOR (n:Conclusion) ON (n.perspective, n.away_until);
