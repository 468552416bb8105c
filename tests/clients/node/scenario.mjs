// The published Node client, unmodified, against the Doxa whose address is the first argument.
// One line for each step: `ok NAME`, or `not ok NAME` and why. Ends with 1 when a step failed.

import assert from 'node:assert/strict'

import { Honcho } from '@honcho-ai/sdk'

import { members, record } from './recording.mjs'
import chats from './steps/chats.mjs'
import conclusions from './steps/conclusions.mjs'
import errors from './steps/errors.mjs'
import messages from './steps/messages.mjs'
import peers from './steps/peers.mjs'
import scopes from './steps/scopes.mjs'
import sessions from './steps/sessions.mjs'
import workspaces from './steps/workspaces.mjs'

const baseURL = process.argv[2]
const called = record()

const stage = {
  baseURL,

  /** A client of a workspace that nobody else uses. */
  client(name) {
    return new Honcho({ baseURL, workspaceId: `${name}-${crypto.randomUUID()}`, maxRetries: 0 })
  },

  /** Wait until `check` answers true; the limit only ends a run that would never end. */
  async becomes(check, what, seconds = 120) {
    const end = Date.now() + seconds * 1000
    while (!(await check())) {
      assert.ok(Date.now() < end, `${what}: still not so after ${seconds} s`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  },

  /** Wait until the service has nothing left to think about in this workspace. */
  async settled(honcho, units = 1) {
    await this.becomes(async () => {
      const status = await honcho.queueStatus()
      return status.pendingWorkUnits + status.inProgressWorkUnits === 0 && status.completedWorkUnits >= units
    }, 'the queue is empty')
  },

  /** A chat that was told and reasoned over; steps that change something make workspaces of their own. */
  told() {
    this._told ??= this._tell()
    return this._told
  },

  async _tell() {
    const honcho = this.client('told')
    const ana = await honcho.peer('ana')
    const bot = await honcho.peer('bot', { configuration: { observeMe: false } })
    const members = [ana, [bot, { observeOthers: true }]]
    const first = await honcho.session('first', { peers: members })
    const second = await honcho.session('second', { peers: members })
    const messages = await first.addMessages([
      ana.message('I moved to Lisbon last week.', { createdAt: '2026-05-04T12:00:00Z' }),
      bot.message('How do you like it?'),
      ana.message('I work as a nurse.', { metadata: { n: 2 } }),
    ])
    await second.addMessages([ana.message('I play the piano.'), bot.message('Since when?')])
    await this.settled(honcho, 3)
    return { honcho, ana, bot, first, second, messages }
  },
}

async function step(name, action) {
  try {
    await action()
    console.log(`ok ${name}`)
  } catch (error) {
    process.exitCode = 1
    console.log(`not ok ${name}: ${JSON.stringify(error.stack ?? String(error))}`)
  }
}

for (const noun of [workspaces, peers, sessions, messages, conclusions, scopes, chats, errors]) {
  for (const [name, action] of Object.entries(noun)) await step(name, () => action(stage))
}
await step('nothing that the client offers is forgotten', () => {
  const forgotten = members().filter(([, , label]) => !called.has(label))
  assert.deepEqual(forgotten.map(([, , label]) => label).sort(), [])
})
