// What the published Node client offers, by reflection, and which of it has been called.

import * as sdk from '@honcho-ai/sdk'

// Private in the client's types, though nothing marks it at run time.
const PRIVATE = new Set(['Peer.toResponseFormatSchema'])

/** Every class that the package exports, without its exceptions, each once. */
export function publicClasses() {
  const found = new Set(Object.values(sdk).filter((each) => typeof each === 'function' && each.prototype))
  return [...found].filter((each) => !(each.prototype instanceof Error))
}

/** `[owner, key, label]` of each public method, getter and iterator, static ones too. */
export function members() {
  return publicClasses().flatMap((each) =>
    [each.prototype, each].flatMap((owner) =>
      Reflect.ownKeys(owner)
        .filter((key) => isPublic(owner, key))
        .map((key) => [owner, key, `${each.name}.${String(key)}`])
        .filter(([, , label]) => !PRIVATE.has(label)),
    ),
  )
}

/** From now on the set that is returned grows by the label of whatever is called or read. */
export function record() {
  const called = new Set()
  for (const [owner, key, label] of members()) {
    const described = Object.getOwnPropertyDescriptor(owner, key)
    const which = described.get ? 'get' : 'value'
    const original = described[which]
    described[which] = function (...given) {
      called.add(label)
      return original.apply(this, given)
    }
    Object.defineProperty(owner, key, described)
  }
  return called
}

function isPublic(owner, key) {
  if (key === 'constructor' || (typeof key === 'string' && key.startsWith('_'))) return false
  if (typeof key === 'symbol' && key !== Symbol.asyncIterator) return false
  const { get, value } = Object.getOwnPropertyDescriptor(owner, key)
  return Boolean(get) || (typeof value === 'function' && key !== 'prototype')
}
