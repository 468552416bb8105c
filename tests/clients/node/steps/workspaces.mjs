import assert from 'node:assert/strict'

import { ConflictError, Honcho, NotFoundError, Page } from '@honcho-ai/sdk'

const CONFIGURATION = {
  reasoning: { enabled: true, customInstructions: 'Only facts.' },
  peerCard: { use: true, create: false },
  summary: { enabled: true, messagesPerShortSummary: 10, messagesPerLongSummary: 30 },
  dream: { enabled: false },
}

export default {
  async 'a workspace keeps its metadata and configuration'(stage) {
    const honcho = stage.client('workspace')
    assert.equal(honcho.metadata, undefined)
    assert.equal(honcho.configuration, undefined)
    assert.equal(honcho.baseURL, stage.baseURL)
    assert.ok((await fetch(`${honcho.http.baseURL}/docs`)).ok)
    await honcho.setMetadata({ plan: { name: 'free', seats: [1, 2] } })
    await honcho.setConfiguration(CONFIGURATION)
    const again = new Honcho({ baseURL: stage.baseURL, workspaceId: honcho.workspaceId })
    assert.deepEqual(await again.getMetadata(), { plan: { name: 'free', seats: [1, 2] } })
    assert.deepEqual(stripped(await again.getConfiguration()), CONFIGURATION)
    await again.setConfiguration({ summary: { enabled: false } })
    await again.setMetadata({})
    await honcho.refresh()
    assert.deepEqual(honcho.metadata, {})
    assert.deepEqual(stripped(honcho.configuration), { ...CONFIGURATION, summary: { enabled: false } })
    assert.ok(honcho.toString().includes(honcho.workspaceId))
  },

  async 'a workspace is listed, and deleted when no session is active'(stage) {
    const honcho = stage.client('gone')
    const session = await honcho.session('only')
    const mine = () => honcho.workspaces({ filters: { id: honcho.workspaceId } })
    assert.deepEqual(await (await mine()).toArray(), [honcho.workspaceId])
    await assert.rejects(honcho.deleteWorkspace(honcho.workspaceId), ConflictError)
    await session.delete()
    await honcho.deleteWorkspace(honcho.workspaceId)
    await stage.becomes(async () => (await mine()).total === 0, 'the workspace is gone')
    await assert.rejects(honcho.deleteWorkspace(honcho.workspaceId), NotFoundError)
  },

  async 'peers and sessions are listed page by page'(stage) {
    const honcho = stage.client('pages')
    for (let n = 0; n < 5; n += 1) {
      await honcho.peer(`p${n}`, { metadata: { even: n % 2 === 0 } })
      await honcho.session(`s${n}`, { metadata: { n } })
    }
    const page = await honcho.peers({ size: 2 })
    assert.deepEqual([page.total, page.page, page.size, page.pages, page.length], [5, 1, 2, 3, 2])
    assert.equal(page.get(1).id, 'p1')
    assert.equal(page.hasNextPage, true)
    const second = await page.getNextPage()
    assert.deepEqual(second.items.map((peer) => peer.id), ['p2', 'p3'])
    const walked = []
    for await (const peer of page) walked.push(peer.id)
    assert.deepEqual(walked, ['p0', 'p1', 'p2', 'p3', 'p4'])
    const last = await honcho.sessions({ page: 3, size: 2, reverse: true })
    assert.deepEqual(last.items.map((session) => session.id), ['s0'])
    assert.equal(last.hasNextPage, false)
    assert.equal(await last.getNextPage(), null)
    const even = await (await honcho.peers({ filters: { metadata: { even: true } }, size: 2 })).toArray()
    assert.deepEqual(even.map((peer) => peer.id), ['p0', 'p2', 'p4'])
    const none = await honcho.peers({ id: 'nobody' })
    assert.deepEqual([none.total, none.pages, none.length, none.items], [0, 0, 0, []])
    const raw = { items: [1, 2], total: 2, page: 1, size: 2, pages: 1 }
    assert.deepEqual(await Page.from(raw).toArray(), [1, 2])
    assert.deepEqual(Page.fromWithTransform(raw, (n) => -n).items, [-1, -2])
  },
}

/** Without the keys that the client fills with undefined. */
function stripped(configuration) {
  return JSON.parse(JSON.stringify(configuration))
}
