import assert from 'node:assert/strict'

import { NotFoundError, Session, Summary } from '@honcho-ai/sdk'

export default {
  async 'messages are kept in the order of writing'(stage) {
    const honcho = stage.client('order')
    const [ana, bot] = [await honcho.peer('ana'), await honcho.peer('bot')]
    const session = await honcho.session('s')
    const stored = await session.addMessages([
      ana.message('one'),
      bot.message('two', { createdAt: new Date('2020-01-01T00:00:00Z') }),
      ana.message('three', { configuration: { reasoning: { enabled: false } }, metadata: { a: 1 } }),
    ])
    assert.deepEqual(stored.map((message) => message.content), ['one', 'two', 'three'])
    assert.equal(Date.parse(stored[1].createdAt), Date.UTC(2020, 0, 1))
    assert.ok(stored[0].toString().includes('one'))
    assert.ok(stored.every((message) => message.tokenCount > 0 && message.workspaceId === honcho.workspaceId))
    const walked = []
    for await (const message of await session.messages({ size: 2 })) walked.push(message.id)
    assert.deepEqual(walked, stored.map((message) => message.id))
    const newest = await session.messages({ reverse: true, size: 1 })
    assert.equal(newest.items[0].id, stored[2].id)
    assert.equal((await session.messages({ filters: { peer_id: 'bot' } })).total, 1)
    assert.equal((await session.getMessage(stored[1].id)).content, 'two')
    assert.deepEqual((await session.updateMessage(stored[1], { seen: true })).metadata, { seen: true })
    await assert.rejects(session.getMessage('no-such-message'), NotFoundError)
  },

  async 'messages are made of files'(stage) {
    const honcho = stage.client('files')
    const ana = await honcho.peer('ana')
    const session = await honcho.session('s')
    const text = 'I was born in Coimbra.\n\nI study law.'
    const file = new File([text], 'life.txt', { type: 'text/plain' })
    const [plain] = await session.uploadFile(file, ana, {
      metadata: { source: 'file' },
      configuration: { reasoning: { enabled: false } },
      createdAt: new Date('2026-01-02T03:04:05Z'),
    })
    assert.deepEqual([plain.content, plain.peerId, plain.metadata], [text, 'ana', { source: 'file' }])
    assert.equal(Date.parse(plain.createdAt), Date.UTC(2026, 0, 2, 3, 4, 5))
    const blob = new Blob([JSON.stringify({ city: 'Évora' })], { type: 'application/json' })
    const [facts] = await session.uploadFile(blob, 'bot')
    assert.deepEqual(JSON.parse(facts.content), { city: 'Évora' })
    const content = Buffer.from('# Title')
    const [title] = await session.uploadFile({ filename: 'a.md', content, content_type: 'text/markdown' }, ana)
    assert.equal(title.content, '# Title')
    const png = new Blob([new Uint8Array([0x89, 0x50])], { type: 'image/png' })
    await assert.rejects(session.uploadFile(png, ana), (error) => error.status === 415)
  },

  async 'messages become a context for a prompt'(stage) {
    const { honcho, ana, bot, first, second, messages } = await stage.told()
    const context = await first.context({
      summary: true,
      tokens: 4000,
      peerTarget: ana,
      peerPerspective: bot,
      representationOptions: { searchQuery: messages[0], searchTopK: 5, includeMostFrequent: true },
    })
    assert.deepEqual(context.messages.map((message) => message.id), messages.map((message) => message.id))
    assert.match(context.peerRepresentation, /piano/)
    assert.deepEqual([context.sessionId, context.summary, context.length], ['first', null, 3])
    const roles = context.toOpenAI(bot).map((line) => line.role)
    assert.deepEqual(roles, ['system', 'system', 'user', 'assistant', 'user'])
    const claude = context.toAnthropic('bot')
    assert.deepEqual(claude.map((line) => line.role), ['user', 'user', 'user', 'assistant', 'user'])
    assert.ok(context.toString())
    const alone = await first.context({ peerTarget: 'ana', limitToSession: true })
    assert.doesNotMatch(alone.peerRepresentation, /piano/)
    const both = await first.context({ peerTarget: 'ana', sessions: [first, second] })
    assert.match(both.peerRepresentation, /piano/)
    const empty = await new Session('never-made', honcho.workspaceId, honcho.http).context()
    assert.deepEqual([empty.messages, empty.summary], [[], null])
    // A short chat has no summary yet: what the client makes of one is looked at alone.
    const summary = Summary.fromApiResponse({
      content: 'x', message_id: 'm', summary_type: 'honcho_chat_summary_short', created_at: 'now', token_count: 1,
    })
    assert.equal(summary.messageId, 'm')
  },
}
