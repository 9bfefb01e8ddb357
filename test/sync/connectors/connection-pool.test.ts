import { expect, test } from 'vitest'
import { connectionPool } from '../../../sync/connectors/sql/connection-pool.ts'

test('whoever waits for a connection gets the place that is free, and nobody in between another one', async () => {
  let open = 0
  let most = 0
  const pool = connectionPool(
    1,
    async () => {
      most = Math.max(most, ++open)
      return {}
    },
    async () => void open--,
  )
  const first = await pool.take()
  const waiting = pool.take()
  first.give(false)
  const between = pool.take()
  const second = await waiting
  second.give(false)
  ;(await between).give(false)
  expect(most).toBe(1)
  await pool.close()
})
