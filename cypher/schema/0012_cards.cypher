// What a card is made of, in the order of time: the newest of each slot, and of each level.
CREATE INDEX held_slot_created IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.slot, n.created_at);
CREATE INDEX held_level_created IF NOT EXISTS FOR (n:Held) ON (n.perspective, n.level, n.created_at);

// Cards that were written before their lines named what they rest on: each line was a conclusion's words.
MATCH (observer:Peer)-[view:VIEWS]->(observed:Peer)
WHERE view.card_origin = 'reasoning' AND view.card IS NOT NULL AND view.card_rests IS NULL
CALL (observer, observed, view) {
  MATCH (c:Held {perspective: observer.workspace_id + '/' + observer.id + '/' + observed.id})
  WHERE c.created_at IS NOT NULL AND c.level <> 'contradiction' AND 'ATTRIBUTE: ' + c.content IN view.card
  WITH 'ATTRIBUTE: ' + c.content AS line, collect(c.id)[..20] AS ids
  WITH collect({line: line, ids: ids}) AS proven
  WITH [
    one IN proven | one.line] AS lines,
    [one IN proven | reduce(joined = '', id IN one.ids | joined + CASE joined WHEN '' THEN '' ELSE ' ' END + id)]
    AS rests
  SET view.card = CASE WHEN size(lines) > 0 THEN lines END, view.card_rests = CASE WHEN size(lines) > 0 THEN rests END
} IN TRANSACTIONS OF 500 ROWS;
