"""The style sheet of the HTML pages: light and dark as the reader's system is, no fonts or files from elsewhere."""

CSS = """
:root {
  color-scheme: light dark;
  --page: #f6f7f9; --card: #ffffff; --line: #e1e4ea; --text: #1b2330; --soft: #626d7f; --key: #27508a; --shade: #f1f3f6;
  --hit: #1d8a54; --hit-soft: #e4f5ec; --miss: #cf2f4c; --miss-soft: #fde9ed; --part: #b26b00; --part-soft: #fff1d9;
  --out: #9aa3b2; --out-soft: #eef0f4;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
  --mono: ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #12161d; --card: #1a2029; --line: #2c3440; --text: #e5e9f0; --soft: #96a1b3; --key: #8fb7f0; --shade: #202732;
    --hit: #4cc38a; --hit-soft: #15301f; --miss: #ff6b84; --miss-soft: #3a1a22; --part: #f0b04a; --part-soft: #35280f;
    --out: #6d788a; --out-soft: #242b36;
  }
}
* { box-sizing: border-box }
body { margin: 0; background: var(--page); color: var(--text); font: 15px/1.5 var(--sans) }
main { max-width: 1240px; margin: 0 auto; padding: 28px 24px 64px }
a { color: inherit; text-decoration-color: var(--out); text-underline-offset: 3px }
h1 { font-size: 24px; margin: 0; letter-spacing: -.01em; overflow-wrap: anywhere }
h2 { font-size: 13px; margin: 34px 0 10px; color: var(--soft); text-transform: uppercase; letter-spacing: .07em }
header { display: flex; gap: 24px; align-items: flex-end; justify-content: space-between; margin-bottom: 18px }
.sub { color: var(--soft); font-size: 13.5px } .back { font-size: 13px; color: var(--soft) }
.big { font-size: 40px; font-weight: 650; line-height: 1; letter-spacing: -.02em; white-space: nowrap; font-variant-numeric: tabular-nums }
.hit { --now: var(--hit); --tint: var(--hit-soft) } .miss { --now: var(--miss); --tint: var(--miss-soft) }
.part { --now: var(--part); --tint: var(--part-soft) } .out { --now: var(--out); --tint: var(--out-soft) }
.big.hit, .big.part, .big.miss { color: var(--now) }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 12px; overflow: auto }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(120px, 1fr)); gap: 10px }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 10px 14px }
.tile b { display: block; font-size: 19px; font-variant-numeric: tabular-nums } .tile span { color: var(--soft); font-size: 12.5px }
.meter { height: 4px; border-radius: 2px; background: var(--miss-soft); margin-top: 6px; overflow: hidden }
.meter i { display: block; height: 100%; background: var(--now, var(--hit)); border-radius: 2px }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums }
.sums th, .sums td { padding: 9px 12px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap }
.sums th { font-size: 12px; font-weight: 600; color: var(--soft) } .sums tr:last-child td { border-bottom: 0 }
.sums th:first-child, .sums td:first-child { text-align: left; white-space: normal; overflow-wrap: anywhere; min-width: 220px }
.sums td.all { font-weight: 650; color: var(--now) } .sums td.few { color: var(--part) } .sums td.none, .sums td.done { color: var(--soft) }
.sums td.no { color: var(--miss) } .sums td .meter { width: 90px; margin: 0 0 0 auto }
.sums tfoot td { font-weight: 650; border-top: 2px solid var(--line) }
.graph { padding: 18px; text-align: center } .graph svg { max-width: none; height: auto }
.keys { display: flex; flex-wrap: wrap; gap: 16px; font-size: 12.5px; color: var(--soft); margin: 8px 2px 0 }
.keys i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; vertical-align: -1px;
  background: var(--tint); border: 1.5px solid var(--now) }
.list td { padding: 5px 14px; border-bottom: 1px solid var(--line); font-size: 13.5px } .list tr:last-child td { border-bottom: 0 }
.list td:first-child { width: 1%; white-space: nowrap; text-align: right; color: var(--soft) }
.list .what { color: var(--now, var(--miss)); white-space: nowrap; width: 1%; padding-left: 0 } .list code { overflow-wrap: anywhere }
code, .source { font-family: var(--mono); font-size: 12.5px }
.source td { padding: 0 10px; white-space: pre; line-height: 1.55; vertical-align: top }
.source td.code { white-space: pre-wrap; overflow-wrap: anywhere } .source { min-width: 640px }
.source .n { text-align: right; color: var(--out); width: 1%; user-select: none; padding-left: 14px }
.source .c { text-align: right; width: 1%; color: var(--now); border-right: 3px solid transparent; user-select: none }
.source tr.hit .c, .source tr.part .c, .source tr.miss .c, .source tr.out .c { border-right-color: var(--now) }
.source tr.miss .code, .source tr.part .code { background: var(--tint) }
.source .why { white-space: normal; color: var(--now); font-family: var(--sans); font-size: 12px; width: 26%; line-height: 1.63 }
.source tr.miss .why, .source tr.part .why { background: var(--tint) } .source .k { color: var(--key) }
.source tr:target .n { color: var(--text); font-weight: 700 }
.source tr:target td { box-shadow: inset 0 1px var(--out), inset 0 -1px var(--out) }
svg text { font-family: var(--sans); fill: var(--text) } svg a { text-decoration: none }
svg .name { font-size: 13.5px; font-weight: 600 }
svg .detail { font-size: 11.5px; fill: var(--soft) } svg .count { font-size: 11px; fill: var(--soft) }
svg .state > .box { fill: var(--card); stroke: var(--now); stroke-width: 1.3 }
svg .state > .bar { fill: var(--now); opacity: .85 }
svg .state.miss > .box { fill: var(--tint) } svg a:hover > .state > .box { stroke-width: 2.2 }
svg .block > rect { fill: var(--shade); stroke: var(--now, var(--line)); stroke-width: 1; stroke-dasharray: 3 3 }
svg .block.plain > rect { stroke: var(--out) } svg .block.plain { --now: var(--out) }
svg .way { fill: none; stroke: var(--now); stroke-width: 1.6 }
svg .way.miss { stroke-width: 1.4 } svg .way.catch { stroke-dasharray: 5 3 }
svg .arrow path { fill: var(--now) }
svg .label rect { fill: var(--tint); stroke: var(--now); stroke-width: 1 } svg .label text { font-size: 11px }
svg .label.catch rect { stroke-dasharray: 3 2 }
svg .chip rect { fill: var(--tint) }
svg .state.miss > g .chip.miss rect { fill: var(--card) }
svg .chip text { font-size: 10px; fill: var(--now) }
svg .dot circle { fill: var(--soft) } svg .dot.end circle { fill: var(--card); stroke: var(--now); stroke-width: 2.5 }
@media (max-width: 720px) { header { display: block } .big { margin-top: 10px } main { padding: 18px 12px } }
@media print { .card { overflow: visible } }
"""
