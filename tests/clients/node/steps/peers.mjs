import assert from 'node:assert/strict'

import { NotFoundError, Peer, PeerContext } from '@honcho-ai/sdk'

export default {
  async 'a peer keeps its metadata and configuration'(stage) {
    const honcho = stage.client('peer')
    const ana = await honcho.peer('ana', { metadata: { role: 'nurse' }, configuration: { observeMe: false } })
    assert.deepEqual([ana.metadata, ana.configuration], [{ role: 'nurse' }, { observeMe: false }])
    assert.ok(Math.abs(Date.parse(ana.createdAt) - Date.now()) < 300_000)
    const same = await honcho.peer('ana')
    await same.setMetadata({ role: 'doctor' })
    assert.deepEqual(await ana.getMetadata(), { role: 'doctor' })
    await same.setConfiguration({ observeMe: true })
    assert.deepEqual(await ana.getConfiguration(), { observeMe: true })
    await same.setMetadata({})
    await ana.refresh()
    assert.deepEqual([ana.metadata, ana.configuration], [{}, { observeMe: true }])
    assert.ok(ana.toString().includes('ana'))
  },

  async 'peers keep cards about themselves and about others'(stage) {
    const honcho = stage.client('cards')
    const [ana, bot] = [await honcho.peer('ana'), await honcho.peer('bot')]
    assert.equal(await ana.getCard(), null)
    assert.deepEqual(await ana.setCard(['IDENTITY: Ana']), ['IDENTITY: Ana'])
    assert.deepEqual(await bot.setCard(['RELATIONSHIP: my user'], ana), ['RELATIONSHIP: my user'])
    assert.deepEqual(await ana.getCard(), ['IDENTITY: Ana'])
    assert.deepEqual(await bot.card('ana'), ['RELATIONSHIP: my user'])
    assert.equal(await bot.getCard(), null)
    const held = await bot.context({ target: ana })
    assert.deepEqual([held.peerId, held.targetId, held.peerCard], ['bot', 'ana', ['RELATIONSHIP: my user']])
    await assert.rejects(new Peer('never-made', honcho.workspaceId, honcho.http).getCard(), NotFoundError)
  },

  async 'a peer holds what it was told'(stage) {
    const { ana, bot, first, second } = await stage.told()
    assert.match(await ana.representation(), /Lisbon/)
    assert.match(await bot.representation({ target: ana }), /nurse/)
    assert.equal(await bot.representation(), '')
    const inFirst = await ana.representation({ session: first })
    assert.match(inFirst, /Lisbon/)
    assert.doesNotMatch(inFirst, /piano/)
    const allowed = await ana.representation({ sessions: [second] })
    assert.match(allowed, /piano/)
    assert.doesNotMatch(allowed, /Lisbon/)
    const one = await ana.representation({
      searchQuery: 'music', searchTopK: 1, searchMaxDistance: 1, includeMostFrequent: false, maxConclusions: 1,
    })
    assert.match(one, /piano/)
    const held = await bot.context({ target: ana, searchQuery: 'where does she live', searchTopK: 5 })
    assert.ok(held instanceof PeerContext)
    assert.match(held.representation, /Lisbon/)
    assert.ok(held.toString())
    const found = await ana.search('Lisbon', { limit: 5 })
    assert.match(found[0].content, /Lisbon/)
    assert.deepEqual(new Set(found.map((message) => message.peerId)), new Set(['ana']))
    const sessions = await (await ana.sessions({ reverse: true })).toArray()
    assert.deepEqual(sessions.map((session) => session.id), ['second', 'first'])
  },
}
