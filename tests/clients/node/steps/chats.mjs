import assert from 'node:assert/strict'

import { NotFoundError, UnprocessableEntityError } from '@honcho-ai/sdk'

const QUESTION = 'Where does Ana live now?'

export default {
  async 'a chat answers from what is held about a peer'(stage) {
    const { ana, bot, first, second, messages } = await stage.told()
    assert.match(await ana.chat(QUESTION), /Lisbon/)
    assert.match(await bot.chat(QUESTION, { target: ana, session: first, reasoningLevel: 'minimal' }), /Lisbon/)
    assert.doesNotMatch((await ana.chat(QUESTION, { sessions: [second] })) ?? '', /Lisbon/)
    const why = await ana.chat(QUESTION, { includeEvidence: true })
    assert.match(why.content, /Lisbon/)
    restsOnLisbon(why.evidence, messages)
    await assert.rejects(ana.chat(QUESTION, { target: 'nobody' }), NotFoundError)
    await assert.rejects(ana.chat(QUESTION, { responseFormat: { type: 'array' } }), UnprocessableEntityError)
  },

  async 'a chat streams its answer'(stage) {
    const { ana, messages } = await stage.told()
    const stream = await ana.chatStream(QUESTION, { includeEvidence: true })
    assert.equal(stream.evidence, null)
    const pieces = []
    for await (const piece of stream) pieces.push(piece)
    assert.match(pieces.join(''), /Lisbon/)
    assert.equal(await stream.getFinalResponse(), pieces.join(''))
    restsOnLisbon(stream.evidence, messages)
    const whole = await (await ana.chatStream(QUESTION)).toArray()
    assert.match(whole.join(''), /Lisbon/)
    await assert.rejects(async () => (await ana.chatStream(QUESTION, { target: 'nobody' })).toArray(), NotFoundError)
  },

  async 'the whole workspace is asked'(stage) {
    const { honcho, first, messages } = await stage.told()
    assert.match(await honcho.chat(QUESTION, { session: first }), /Lisbon/)
    const why = await honcho.chat(QUESTION, { includeEvidence: true })
    restsOnLisbon(why.evidence, messages)
    const stream = await honcho.chatStream(QUESTION, { includeEvidence: true })
    assert.match(await stream.getFinalResponse(), /Lisbon/)
    restsOnLisbon(stream.evidence, messages)
    const found = await honcho.search('piano', { limit: 1, filters: { peer_id: 'ana' } })
    assert.deepEqual(found.map((message) => message.content), ['I play the piano.'])
  },
}

function restsOnLisbon(evidence, messages) {
  const concluded = evidence.conclusions.some((each) => each.content.includes('Lisbon'))
  assert.ok(concluded || evidence.messages.some((each) => each.id === messages[0].id))
}
