// aws-local-stepfunctions: StateMachine.run with a local handler for each Task. Its event log is not AWS's history, so its length is not compared.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { main } from './measure.mjs'

const require = createRequire(`${process.env.BENCH_NPM}/package.json`)

const taskNames = block => Object.entries(block.States).flatMap(([name, state]) => [
  ...(state.Type === 'Task' ? [name] : []),
  ...(state.ItemProcessor ? taskNames(state.ItemProcessor) : []),
  ...(state.Branches ?? []).flatMap(taskNames)
])

await main(workload => {
  const { StateMachine } = require('aws-local-stepfunctions')
  const packageFile = `${process.env.BENCH_NPM}/node_modules/aws-local-stepfunctions/package.json`
  const machine = new StateMachine(workload.definition)
  const handlers = Object.fromEntries(taskNames(workload.definition).map(name => [name, event => event]))
  const options = { overrides: { taskResourceLocalHandlers: handlers } }
  const text = JSON.stringify(workload.input)
  let last
  const run = () => {
    last = machine.run(JSON.parse(text), options)
    return last.result
  }
  return {
    version: JSON.parse(readFileSync(packageFile, 'utf8')).version,
    run,
    runTogether: runs => Promise.all(Array.from({ length: runs }, run)),
    history: async () => {
      let events = 0
      for await (const _ of last.eventLogs) events++
      return events
    }
  }
})
