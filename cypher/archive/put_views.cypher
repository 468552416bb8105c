// Makes views from an archive, and counts what each holds.
// access: write
// returns: none
// scope: workspace
// parameters: workspace_id, rows
UNWIND $rows AS row
MATCH (o:Peer {workspace_id: $workspace_id, id: row.observer_id})
MATCH (p:Peer {workspace_id: o.workspace_id, id: row.observed_id})
CREATE (o)-[view:VIEWS]->(p)
SET
  view = row.properties,
  // Older archives do not tell since when a caller's card has stood; at their last change it did.
  view.card_set_at = CASE
    WHEN row.properties.card IS NOT NULL AND coalesce(row.properties.card_origin, 'caller') = 'caller'
    THEN coalesce(row.properties.card_set_at, row.properties.updated_at, row.properties.created_at)
  END,
  view.conclusions = COUNT {
    MATCH (c:Held {perspective: row.perspective})
    WHERE c.created_at IS NOT NULL
  }
