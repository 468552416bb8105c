import assert from 'node:assert/strict'

import { NotFoundError } from '@honcho-ai/sdk'

export default {
  async 'scopes are made, listed and found'(stage) {
    const honcho = stage.client('scopes')
    const work = await honcho.scope('work', { metadata: { colour: 'blue' } })
    assert.deepEqual([work.id, work.metadata], ['work', { colour: 'blue' }])
    assert.ok(Date.parse(work.createdAt))
    assert.ok(work.toString().includes('work'))
    await honcho.scope('home')
    assert.deepEqual((await honcho.getScope('work')).metadata, { colour: 'blue' })
    const all = await (await honcho.scopes({ size: 1 })).toArray()
    assert.deepEqual(all.map((scope) => scope.id), ['work', 'home'])
    await assert.rejects(honcho.getScope('wrok'), NotFoundError)
    assert.equal((await honcho.peers()).total, 0)
  },

  async 'scopes bound what is recalled'(stage) {
    const honcho = stage.client('bounds')
    const ana = await honcho.peer('ana')
    const late = await honcho.session('late')
    await late.addMessages(ana.message('I live in Faro.'))
    await stage.settled(honcho)
    const home = await honcho.scope('home')
    const early = await honcho.session('early', { scopes: [home] })
    await early.addMessages(ana.message('I keep bees.'))
    await (await honcho.session('other')).addMessages(ana.message('I play chess.'))
    await home.addSessions([late])
    const members = await (await home.sessions({ size: 1 })).toArray()
    assert.deepEqual(members.map((session) => session.id), ['early', 'late'])
    const done = async () => (await home.status()).backfillStatus.late?.state === 'completed'
    await stage.becomes(done, 'the history of the session is in the scope')
    await stage.settled(honcho, 3)
    assert.equal((await home.status()).backfillStatus.late.docsCopied, 1)
    for (const scope of [home, ['home']]) {
      const held = await ana.representation({ scope })
      assert.match(held, /Faro/)
      assert.match(held, /bees/)
      assert.doesNotMatch(held, /chess/)
    }
    const context = await early.context({ peerTarget: 'ana', scope: home })
    assert.doesNotMatch(context.peerRepresentation, /chess/)
    assert.ok((await honcho.search('chess', { scope: home })).every((message) => message.sessionId !== 'other'))
    assert.match(await ana.chat('Where does Ana live?', { scope: home }), /Faro/)
    await home.removeSession(late)
    assert.deepEqual((await home.sessions()).items.map((session) => session.id), ['early'])
    await assert.rejects(home.addSessions(['never-made']), NotFoundError)
  },
}
