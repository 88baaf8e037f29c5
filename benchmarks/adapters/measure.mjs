// What measure.py does, for Node: main(make) where make(workload) gives { version, run, runTogether, history }.

import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'

const seconds = () => performance.now() / 1e3

const cpuSeconds = () => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

const peakMb = () => {
  try {
    return +readFileSync('/proc/self/status', 'ascii').match(/VmHWM:\s+(\d+)/)[1] / 1024
  } catch {
    return process.resourceUsage().maxRSS / 1024
  }
}

const inSequence = async (run, runs) => {
  const outputs = []
  for (let i = 0; i < runs; i++) outputs.push(await run())
  return outputs
}

const measure = async (make, workload, runs) => {
  const begin = seconds()
  const peer = await make(workload)
  const setup = seconds() - begin
  const wall = seconds()
  const cpu = cpuSeconds()
  const outputs = workload.kind === 'together' ? await peer.runTogether(runs) : await inSequence(peer.run, runs)
  const result = {
    version: peer.version,
    setup_s: setup,
    wall_s: seconds() - wall,
    cpu_s: cpuSeconds() - cpu,
    runs,
    transitions: runs * workload.transitions,
    peak_mb: peakMb()
  }
  if (peer.history && workload.kind === 'sequence') {
    const reading = seconds()
    result.events = await peer.history()
    result.history_s = seconds() - reading
  }
  const asJson = value => JSON.parse(JSON.stringify(value ?? null))
  const wrong = outputs.find(output => !isDeepStrictEqual(asJson(output), workload.expected))
  const note = wrong === undefined ? '' : `wrong output: ${JSON.stringify(wrong).slice(0, 200)}`
  return { ok: wrong === undefined, note, ...result }
}

export const main = async make => {
  const workload = JSON.parse(readFileSync(process.argv[2], 'utf8'))
  const runs = process.argv[3] ? +process.argv[3] : workload.runs
  let result
  try {
    result = await measure(make, workload, runs)
  } catch (error) {
    result = { ok: false, absent: error.code === 'MODULE_NOT_FOUND', note: `${error.name}: ${error.message}`.slice(0, 300) }
  }
  process.stdout.write(JSON.stringify(result) + '\n', () => process.exit(0))
}
