// How the page looks, and its drawings: light and dark by the reader's wish, narrow and wide, and on paper.
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace neurone::report {

/// A colour of the style sheets, var(--name), on white paper and on black.
struct Colour {
  std::string_view name, light, dark;
};

inline constexpr std::array<Colour, 12> palette{{{"paper", "#fff", "#14181c"},
                                                 {"ink", "#1c2126", "#e4e8ec"},
                                                 {"soft", "#59636e", "#a2adb8"},
                                                 {"faint", "#eef1f4", "#20262c"},
                                                 {"rule", "#d5dbe1", "#39424b"},
                                                 {"c0", "#1f62c4", "#79aefc"},
                                                 {"c1", "#c2500f", "#f5995c"},
                                                 {"c2", "#1b7f4d", "#5fcb94"},
                                                 {"c3", "#92408d", "#d991d4"},
                                                 {"c4", "#7a6a00", "#d0bd4a"},
                                                 {"c5", "#b3263d", "#f58695"},
                                                 {"c6", "#2c6f7d", "#79c3d2"}}};

/// The palette as variables of a page.
std::string palette_rules();

/// Of what chart.h and its neighbours draw, wherever it stands.
inline constexpr std::string_view drawing_rules = R"css(
svg text { font-size: 12px; fill: var(--soft); }
svg .title { fill: var(--ink); }
svg .end { text-anchor: end; } svg .middle { text-anchor: middle; }
path.grid { stroke: var(--rule); fill: none; } path.axis { stroke: var(--soft); fill: none; }
path.guide { stroke: var(--soft); stroke-dasharray: 2 3; fill: none; }
path.line { fill: none; stroke-width: 2; stroke-linejoin: round; } path.thin { stroke-width: 1; opacity: .55; }
.band { opacity: .18; stroke: none; } .dot { fill-opacity: .55; stroke: none; } .bar { fill-opacity: .75; }
path.line.c0 { stroke: var(--c0); }
path.line.c1 { stroke: var(--c1); stroke-dasharray: 7 3; }
path.line.c2 { stroke: var(--c2); stroke-dasharray: 2 3; }
path.line.c3 { stroke: var(--c3); stroke-dasharray: 8 3 2 3; }
path.line.c4 { stroke: var(--c4); stroke-dasharray: 12 4; }
path.line.c5 { stroke: var(--c5); stroke-dasharray: 4 2; }
path.line.c6 { stroke: var(--c6); stroke-dasharray: 1 2; }
.band.c0, .dot.c0, .bar.c0, .cell.c0, .label.c0 { fill: var(--c0); }
.band.c1, .dot.c1, .bar.c1, .cell.c1, .label.c1 { fill: var(--c1); }
.band.c2, .dot.c2, .bar.c2, .cell.c2, .label.c2 { fill: var(--c2); }
.band.c3, .dot.c3, .bar.c3, .cell.c3, .label.c3 { fill: var(--c3); }
.band.c4, .dot.c4, .bar.c4, .cell.c4, .label.c4 { fill: var(--c4); }
.band.c5, .dot.c5, .bar.c5, .cell.c5, .label.c5 { fill: var(--c5); }
.band.c6, .dot.c6, .bar.c6, .cell.c6, .label.c6 { fill: var(--c6); }
rect.cell { shape-rendering: crispEdges; } text.label { font-size: 14px; }
.facet { fill: var(--paper); stroke: var(--soft); stroke-width: .4; stroke-linejoin: round; }
.network circle { fill: var(--paper); stroke: var(--c0); stroke-width: 1.5; }
.network path { stroke: var(--rule); fill: none; }
)css";

inline constexpr std::string_view style_sheet = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.9rem; line-height: 1.2; margin: 1.2rem 0 .2rem; }
h2 { font-size: 1.35rem; margin: 2.8rem 0 .6rem; padding-top: .5rem; border-top: 1px solid var(--rule); }
h3 { font-size: 1.02rem; margin: 0 0 .4rem; }
p { margin: .5rem 0 .9rem; max-width: 46rem; }
a { color: var(--c0); }
.soft, figcaption, summary { color: var(--soft); }
nav { display: flex; flex-wrap: wrap; gap: .2rem 1.1rem; margin: .8rem 0; }
.lead { font-size: 1.12rem; }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(9.5rem, 1fr)); gap: .7rem; margin: 1.2rem 0; }
.cards div { background: var(--faint); border-radius: .5rem; padding: .7rem .9rem; }
.cards b { display: block; font-size: 1.5rem; font-weight: 600; }
.cards span { display: block; font-size: .86rem; color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); gap: 1.6rem 2rem; }
figure { margin: .6rem 0 1rem; min-width: 0; }
figcaption { font-size: .9rem; margin: .3rem 0 .4rem; }
summary { font-size: .9rem; cursor: pointer; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; font-size: .92rem; font-variant-numeric: tabular-nums; margin: .3rem 0 .8rem; }
th, td { padding: .28rem .8rem .28rem 0; text-align: left; vertical-align: top; border-bottom: 1px solid var(--rule);
  font-weight: 400; }
table.words td:last-child, table.columns td:nth-child(3) { min-width: 13rem; }
thead th { color: var(--soft); white-space: nowrap; }
tbody th { font-weight: 600; }
.confusion th, .confusion td { text-align: center; padding: .35rem .6rem; border: 1px solid var(--paper); }
.confusion td { background: color-mix(in srgb, var(--c0) calc(var(--p) * 100%), var(--faint)); min-width: 3rem; }
.confusion td.full { color: var(--paper); }
.confusion td.hit { font-weight: 700; }
pre { background: var(--faint); border-radius: .5rem; padding: .7rem .9rem; overflow-x: auto; font-size: .9rem; }
code { font-family: ui-monospace, "SF Mono", Menlo, Consolas, monospace; font-size: .92em; }
.notice { border-left: .25rem solid var(--c1); padding-left: .8rem; }
svg { display: block; }
.chart, .network { width: 100%; height: auto; max-width: 34rem; }
.spark { width: 7rem; height: 1.5rem; } .spark path { fill: var(--c6); }
.whisker { width: min(13rem, 40vw); height: .9rem; } .stem { stroke: var(--ink); fill: none; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; padding: 0; margin: .2rem 0 .4rem;
  font-size: .9rem; }
.legend li { display: flex; align-items: center; gap: .4rem; } .legend svg { width: 30px; height: 10px; }
.images { display: grid; grid-template-columns: repeat(auto-fill, minmax(7.5rem, 1fr)); gap: 1rem; }
.images img { width: 5.6rem; image-rendering: pixelated; border: 1px solid var(--rule); }
.images figure { margin: 0; }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --faint: #f1f1f1; --rule: #bbb; --c0: #1f62c4;
    --c1: #c2500f; --c2: #1b7f4d; --c3: #92408d; --c4: #7a6a00; --c5: #b3263d; --c6: #2c6f7d; }
  body { max-width: none; padding: 0; font-size: 10pt; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav, details { display: none; }
  figure, table, .cards { break-inside: avoid; } h2, h3 { break-after: avoid; } .wide { overflow: visible; }
}
)css";

}  // namespace neurone::report
