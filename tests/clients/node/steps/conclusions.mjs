import assert from 'node:assert/strict'

import { NotFoundError } from '@honcho-ai/sdk'

export default {
  async 'conclusions are made, listed, found and deleted'(stage) {
    const honcho = stage.client('facts')
    const [ana, bot] = [await honcho.peer('ana'), await honcho.peer('bot')]
    const session = await honcho.session('s')
    const view = bot.conclusionsOf(ana)
    assert.ok(view.toString())
    const made = await view.create([
      { content: 'Ana plays the cello', sessionId: session },
      { content: 'Ana lives in Braga' },
    ])
    made.push(...(await view.create({ content: 'Ana is allergic to nuts' })))
    const shown = ({ observerId, observedId, level, timesDerived }) => [observerId, observedId, level, timesDerived]
    assert.deepEqual(made.map(shown), Array(3).fill(['bot', 'ana', 'explicit', 1]))
    assert.deepEqual(made.map((each) => each.sessionId), ['s', null, null])
    assert.ok(made[0].toString())
    const listed = await (await view.list({ size: 2 })).toArray()
    assert.deepEqual(new Set(listed.map((each) => each.id)), new Set(made.map((each) => each.id)))
    assert.equal(listed[0].id, made[2].id, 'newest first')
    assert.equal((await view.list({ session, reverse: true })).total, 1)
    assert.equal((await ana.conclusions.list()).total, 0)
    const nearest = await view.query('Which instrument does she play?', 1, 1)
    assert.deepEqual(nearest.map((each) => each.id), [made[0].id])
    assert.equal((await view.get(made[1].id)).content, 'Ana lives in Braga')
    assert.equal((await view.getMany([made[0].id, made[2].id, 'unknown'])).length, 2)
    await assert.rejects(ana.conclusions.get(made[0].id), NotFoundError)
    assert.match(await view.representation({ searchQuery: 'food', searchTopK: 1, maxConclusions: 1 }), /nuts/)
    assert.deepEqual(await (await view.derived(made[0].id)).toArray(), [])
    await view.delete(made[0].id)
    await assert.rejects(view.delete(made[0].id), NotFoundError)
    await assert.rejects(view.get(made[0].id), NotFoundError)
  },

  async 'conclusions of the whole workspace can be read'(stage) {
    const { honcho } = await stage.told()
    const whole = honcho.conclusions
    const everything = await (await whole.list({ size: 2 })).toArray()
    assert.equal(everything.length, 6)
    const of_bot = await whole.list({ filters: { observer_id: 'bot', session_id: 'first' }, reverse: true })
    assert.equal(of_bot.total, 2)
    assert.equal((await whole.get(everything[0].id)).content, everything[0].content)
    assert.equal((await whole.getMany(everything.map((each) => each.id))).length, 6)
    await assert.rejects(whole.get('no-such-conclusion'), NotFoundError)
    assert.ok(whole.toString())
  },

  async 'a dream draws what was said twice'(stage) {
    const honcho = stage.client('dream')
    const ana = await honcho.peer('ana')
    for (const name of ['one', 'two']) {
      await (await honcho.session(name)).addMessages(ana.message('I live in Porto.'))
    }
    await stage.settled(honcho, 2)
    await honcho.scheduleDream({ observer: ana, observed: 'ana', session: 'two' })
    const patterns = () => ana.conclusions.list({ filters: { level: 'inductive' } })
    await stage.becomes(async () => (await patterns()).total === 1, 'a pattern is found')
    const [pattern] = (await patterns()).items
    const stated = await (await ana.conclusions.list({ filters: { level: 'explicit' } })).toArray()
    assert.deepEqual(new Set(pattern.sourceIds), new Set(stated.map((each) => each.id)))
    assert.equal((await ana.conclusions.derived(stated[0].id)).items[0].id, pattern.id)
  },
}
