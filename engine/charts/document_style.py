"""How a report looks, on a screen and on paper."""

STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1b2026; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 44rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.8rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.25rem; margin: 2rem 0 .5rem; break-after: avoid; }
table { border-collapse: collapse; width: 100%; margin: 1rem 0; font-size: .92rem; }
caption { text-align: left; font-weight: 600; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .3rem .75rem .3rem 0; border-bottom: 1px solid #d3dae0; }
td { font-variant-numeric: tabular-nums; }
.numbers { overflow-x: auto; }
.numbers td:not(:first-child) { white-space: nowrap; }
.last-wraps td:last-child { white-space: normal; }
.long td { overflow-wrap: anywhere; }
figure { margin: 1.25rem 0; overflow: hidden; }
.pictures { display: flex; flex-wrap: wrap; gap: .75rem; }
.pictures figure { margin: 0; }
.pictures img { width: 14rem; max-width: 100%; display: block; }
.warning { border-left: 4px solid #D55E00; padding-left: .75rem; }
li { margin: .25rem 0; }
@page { size: A4; margin: 15mm 12mm; }
@media print {
  body { font-size: 11pt; }
  main { padding: 0; }
  figure, table, section { break-inside: avoid; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
"""
"""Light on purpose: a report is read beside others and printed."""
