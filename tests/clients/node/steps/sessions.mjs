import assert from 'node:assert/strict'

import { BadRequestError, NotFoundError, Session } from '@honcho-ai/sdk'

export default {
  async 'a session keeps its metadata and configuration'(stage) {
    const honcho = stage.client('session')
    const configuration = { reasoning: { enabled: false } }
    const session = await honcho.session('s', { metadata: { topic: 'moving' }, configuration })
    assert.deepEqual([session.metadata, session.isActive], [{ topic: 'moving' }, true])
    assert.deepEqual(session.configuration.reasoning.enabled, false)
    assert.ok(Date.parse(session.createdAt))
    const same = await honcho.session('s')
    await same.setMetadata({ topic: 'work' })
    assert.deepEqual(await session.getMetadata(), { topic: 'work' })
    await same.setConfiguration({ summary: { messagesPerShortSummary: 15 } })
    const merged = await session.getConfiguration()
    assert.deepEqual([merged.reasoning.enabled, merged.summary.messagesPerShortSummary], [false, 15])
    await same.setMetadata({})
    await session.refresh()
    assert.deepEqual([session.metadata, session.isActive], [{}, true])
    assert.ok(session.toString().includes('s'))
  },

  async 'members of a session come and go'(stage) {
    const honcho = stage.client('members')
    const session = await honcho.session('s', { peers: 'ana' })
    const bot = await honcho.peer('bot')
    await session.addPeers([[bot, { observeOthers: true, observeMe: false }], 'carl'])
    const names = async () => new Set((await session.peers()).map((peer) => peer.id))
    assert.deepEqual(await names(), new Set(['ana', 'bot', 'carl']))
    assert.deepEqual(await session.getPeerConfiguration(bot), { observeMe: false, observeOthers: true })
    await session.setPeerConfiguration('ana', { observeMe: false })
    assert.equal((await session.getPeerConfiguration('ana')).observeMe, false)
    await session.removePeers([bot, 'carl', 'never-there'])
    assert.deepEqual(await names(), new Set(['ana']))
    await session.setPeers(['dora', bot])
    assert.deepEqual(await names(), new Set(['dora', 'bot']))
    await assert.rejects(session.getPeerConfiguration('nobody'), NotFoundError)
    const many = Array.from({ length: 11 }, (_, n) => [`w${n}`, { observeOthers: true }])
    await assert.rejects(session.addPeers(many), BadRequestError)
  },

  async 'a session is copied up to a message'(stage) {
    const honcho = stage.client('clone')
    const ana = await honcho.peer('ana')
    const session = await honcho.session('s', { peers: [ana, 'bot'] })
    const stored = await session.addMessages([0, 1, 2].map((n) => ana.message(`Line ${n}.`, { metadata: { n } })))
    const copy = await session.clone(stored[1].id)
    assert.notEqual(copy.id, session.id)
    const copied = await (await copy.messages()).toArray()
    const shown = ({ content, peerId, metadata, tokenCount }) => [content, peerId, metadata, tokenCount]
    assert.deepEqual(copied.map(shown), stored.slice(0, 2).map(shown))
    assert.deepEqual(new Set((await copy.peers()).map((peer) => peer.id)), new Set(['ana', 'bot']))
    assert.equal((await (await session.clone()).messages()).total, 3)
  },

  async 'a session ends'(stage) {
    const honcho = stage.client('end')
    const session = await honcho.session('s')
    await session.delete()
    assert.equal((await honcho.sessions()).total, 0)
    await assert.rejects(new Session('never-made', honcho.workspaceId, honcho.http).delete(), NotFoundError)
  },

  async 'a session tells how far its reasoning is, and is searched alone'(stage) {
    const { honcho, ana, bot, first, second } = await stage.told()
    const status = await first.queueStatus()
    assert.deepEqual(
      [status.totalWorkUnits, status.completedWorkUnits, status.pendingWorkUnits, status.inProgressWorkUnits],
      [2, 2, 0, 0],
    )
    assert.equal((await first.queueStatus({ sender: 'nobody' })).totalWorkUnits, 0)
    assert.equal((await honcho.queueStatus({ sender: ana })).totalWorkUnits, 3)
    assert.equal((await honcho.queueStatus({ session: second, observer: bot })).totalWorkUnits, 1)
    const found = await first.search('Lisbon', { limit: 3 })
    assert.match(found[0].content, /Lisbon/)
    assert.deepEqual(new Set(found.map((message) => message.sessionId)), new Set(['first']))
    const summaries = await first.summaries()
    assert.deepEqual(
      [summaries.id, summaries.sessionId, summaries.shortSummary, summaries.longSummary],
      ['first', 'first', null, null],
    )
    const text = await first.representation(bot, { target: ana, searchQuery: 'work', maxConclusions: 10 })
    assert.match(text, /nurse/)
    assert.doesNotMatch(text, /piano/)
  },
}
