import assert from 'node:assert/strict'

import { ConnectionError, Honcho, HonchoError, TimeoutError, UnprocessableEntityError } from '@honcho-ai/sdk'

export default {
  async 'what is refused says why, in the class of its status'(stage) {
    const honcho = stage.client('errors')
    const session = await honcho.session('s')
    await assert.rejects(honcho.search('x', { filters: { nonsense: 1 } }), (error) => {
      assert.ok(error instanceof UnprocessableEntityError && error instanceof HonchoError)
      assert.equal(error.status, 422)
      assert.match(error.message, /nonsense/)
      return true
    })
    await assert.rejects(honcho.peers({ filters: { AND: 'no list' } }), UnprocessableEntityError)
    assert.equal((await session.messages()).total, 0)
  },

  async 'what cannot be reached is told apart from what is slow'(stage) {
    const nowhere = new Honcho({ baseURL: 'http://127.0.0.1:1', workspaceId: 'x', maxRetries: 0 })
    await assert.rejects(nowhere.peer('ana'), ConnectionError)
    const hasty = new Honcho({ baseURL: stage.baseURL, workspaceId: 'x', maxRetries: 0, timeout: 1 })
    await assert.rejects(hasty.peer('ana'), (error) => error instanceof TimeoutError || error instanceof ConnectionError)
  },
}
