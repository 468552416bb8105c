// Tells whether anything is stored beside one unit of work.
// access: read
// returns: one
// scope: global
// parameters: key
RETURN
  EXISTS { MATCH (n:Workspace) WHERE n.id > '' }
  OR EXISTS { MATCH (n:Message) WHERE n.id > '' }
  OR EXISTS { MATCH (n:Conclusion) WHERE n.id > '' }
  OR EXISTS { MATCH (n:Run) WHERE n.id > '' }
  OR EXISTS { MATCH (n:Work) WHERE n.key > '' AND n.key <> $key } AS filled
