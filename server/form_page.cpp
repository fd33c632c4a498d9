#include "server/form_page.h"

#include "neurone/report/style.h"

namespace neurone::server {
namespace {

constexpr std::string_view form_rules = R"css(
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0 auto; max-width: 62rem; padding: 1rem clamp(1rem, 4vw, 2.5rem) 4rem; background: var(--paper);
  color: var(--ink); font: 1rem/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  overflow-wrap: anywhere; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .2rem; }
p { margin: .4rem 0 1rem; } .soft, small, summary { color: var(--soft); }
[hidden] { display: none !important; }
#choice { margin-bottom: 1rem; }
#fields { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 15rem), 1fr)); gap: .9rem 1.2rem; }
label { display: block; } label b { font-weight: 600; display: block; } label small { display: block; min-height: 1.2em; }
input, select, button { font: inherit; color: inherit; background: var(--paper); border: 1px solid var(--rule);
  border-radius: .4rem; padding: .5rem .6rem; width: 100%; min-height: 2.75rem; }
input:focus-visible, select:focus-visible, button:focus-visible, canvas:focus-visible, summary:focus-visible {
  outline: 3px solid var(--c0); outline-offset: 1px; }
.buttons { display: flex; gap: .8rem; margin: 1.3rem 0; } .buttons button { width: auto; padding: .5rem 1.4rem; cursor: pointer; }
button.main { background: var(--c0); border-color: var(--c0); color: var(--paper); font-weight: 600; }
#answer { background: var(--faint); border-radius: .6rem; padding: 1rem 1.2rem; }
#answer strong { display: block; font-size: 1.7rem; line-height: 1.25; }
#bars { display: grid; grid-template-columns: minmax(4rem, auto) 1fr auto; gap: .35rem .8rem; align-items: center;
  margin: .8rem 0; }
progress { width: 100%; height: .8rem; appearance: none; border: 0; border-radius: .4rem; background: var(--rule); }
progress::-webkit-progress-bar { background: var(--rule); border-radius: .4rem; }
progress::-webkit-progress-value { background: var(--c0); border-radius: .4rem; }
progress::-moz-progress-bar { background: var(--c0); border-radius: .4rem; }
.note { border-left: .25rem solid var(--c1); padding-left: .8rem; margin: .6rem 0; }
pre { background: var(--faint); border-radius: .5rem; padding: .7rem .9rem; overflow-x: auto; font-size: .88rem;
  white-space: pre-wrap; } summary { cursor: pointer; padding: .5rem 0; }
canvas { width: min(100%, 20rem); aspect-ratio: 1; image-rendering: pixelated; background: #000; border-radius: .4rem;
  touch-action: none; display: block; }
#output { font-variant-numeric: tabular-nums; }
)css";

}  // namespace

const std::string_view form_page = R"html(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>neurone serve</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="form.css"><script src="form.js" defer></script></head>
<body>
<h1 id="title">neurone serve</h1>
<p id="about" class="soft">Reading the models …</p>
<noscript><p class="note">The form needs JavaScript. Without it, ask the server itself: /openapi.json says how.</p></noscript>
<form id="key" hidden><label><b>Token</b><input id="token" type="password" autocomplete="off"></label>
<div class="buttons"><button class="main">Open</button></div></form>
<label id="choice" hidden><b>Model</b><select id="model"></select></label>
<form id="row" hidden novalidate>
<div id="fields"></div>
<div class="buttons"><button class="main">Predict</button><button id="clear" type="button">Start again</button></div>
</form>
<section id="output" aria-live="polite"></section>
</body></html>
)html";

const std::string_view form_script = R"js('use strict';
const at = id => document.getElementById(id);
const state = {models: [], model: null, token: '', drawing: null};

function make(name, properties = {}, ...children) {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
}

async function ask(path, options = {}) {
  const headers = {...options.headers};
  if (state.token) headers.Authorization = 'Bearer ' + state.token;
  const response = await fetch(path, {...options, headers});
  const answer = await response.json();
  if (!response.ok) throw Object.assign(new Error(answer.error), {status: response.status});
  return answer;
}

const number = value => Number(value.toPrecision(5)).toString();

// A day of the calendar in the order in which the column writes days.
function day(text, order) {
  const [year, month, date] = text.split('-');
  return {ymd: text, dmy: `${date}/${month}/${year}`, mdy: `${month}/${date}/${year}`}[order];
}

function field(column) {
  const id = 'field ' + column.name;
  let input, hint = '';
  if (column.kind === 'category') {
    input = make('select', {id});
    for (const value of column.values) input.append(make('option', {value, textContent: value || '(missing)'}));
    if (!column.values.includes('')) input.append(make('option', {value: '', textContent: '(missing)'}));
    input.value = column.values.find(Boolean) ?? '';
  } else if (column.kind === 'date') {
    input = make('input', {id, type: 'text', value: day(column.median, column.order)});
    if (column.range) hint = column.range.map(each => day(each, column.order)).join(' to ');
  } else {
    input = make('input', {id, type: 'text', inputMode: 'decimal', value: number(column.median)});
    if (column.range) hint = `${number(column.range[0])} to ${number(column.range[1])}`;
  }
  input.dataset.column = column.name;
  input.dataset.kind = column.kind;
  return make('label', {htmlFor: id}, make('b', {textContent: column.name}), input, make('small', {textContent: hint}));
}

// A dark board on which one draws in white, a pixel of the model a pixel of the board.
function board({height, width}) {
  const canvas = make('canvas', {width, height, tabIndex: 0});
  canvas.setAttribute('aria-label', `${height} by ${width} pixels to draw on`);
  const paper = canvas.getContext('2d', {willReadFrequently: true});
  paper.fillRect(0, 0, width, height);
  let last = null;
  const place = event => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width * width, (event.clientY - box.top) / box.height * height];
  };
  const draw = event => {
    if (!last) return;
    const next = place(event);
    Object.assign(paper, {strokeStyle: '#fff', lineWidth: Math.max(width / 14, 1), lineCap: 'round'});
    paper.beginPath();
    paper.moveTo(...last);
    paper.lineTo(...next);
    paper.stroke();
    last = next;
  };
  canvas.onpointerdown = event => { canvas.setPointerCapture(event.pointerId); last = place(event); draw(event); };
  canvas.onpointermove = draw;
  canvas.onpointerup = canvas.onpointercancel = () => { last = null; };
  state.drawing = () => [...paper.getImageData(0, 0, width, height).data].filter((_, i) => i % 4 === 0);
  return canvas;
}

function show(model) {
  state.model = model;
  state.drawing = null;
  at('title').textContent = model.target ? `Predict ${model.target}` : model.name;
  at('about').textContent = `${model.name}: ${model.task} of ${model.classes ? model.classes.length + ' classes' : 'a number'}` +
    (model.rows ? `, learnt from ${model.rows.train} rows.` : '.');
  at('fields').replaceChildren(...(model.images ? [board(model.images)] : model.columns.map(field)));
  at('output').replaceChildren();
  at('row').hidden = false;
}

function question() {
  if (state.drawing) return state.drawing();
  const row = {};
  for (const input of at('fields').querySelectorAll('[data-column]')) {
    const text = input.value.trim();
    const plain = input.dataset.kind === 'numeric' && text !== '' && Number.isFinite(Number(text));
    row[input.dataset.column] = text === '' ? null : plain ? Number(text) : input.value;
  }
  return row;
}

function bars(values) {
  const likeliest = Object.entries(values).sort((a, b) => b[1] - a[1]).slice(0, 12);
  const grid = make('div', {id: 'bars'});
  for (const [name, value] of likeliest) {
    const share = `${(100 * value).toFixed(1)} %`;
    grid.append(make('span', {textContent: name}), make('progress', {max: 1, value, ariaLabel: `${name} ${share}`}),
                make('span', {textContent: share}));
  }
  return grid;
}

function told(prediction, body, answer) {
  const {prediction: what, probabilities, scores, deviation, flags} = prediction;
  const box = make('div', {id: 'answer'}, make('span', {className: 'soft', textContent: state.model.target}),
                   make('strong', {textContent: typeof what === 'number' ? number(what) : what}));
  if (probabilities) box.append(bars(probabilities));
  if (scores) box.append(make('pre', {textContent: JSON.stringify(scores, null, 2)}));
  if (deviation !== undefined) box.append(make('span', {textContent: `deviation ${number(deviation)}`}));
  for (const [column, flag] of Object.entries(flags ?? {}))
    box.append(make('p', {className: 'note', textContent: `${column}: ${flag}`}));
  const path = new URL(`models/${encodeURIComponent(state.model.name)}/predict`, location.href);
  const shell = "'" + body.replaceAll("'", "'\\''") + "'";
  const command = `curl -H 'Content-Type: application/json' \\\n  -d ${shell} \\\n  ${path}`;
  return [box, make('details', {}, make('summary', {textContent: 'The same from a program'}),
                    make('pre', {textContent: command}), make('pre', {textContent: JSON.stringify(answer, null, 2)}))];
}

async function predict() {
  const body = JSON.stringify(question());
  try {
    const answer = await ask(`models/${encodeURIComponent(state.model.name)}/predict`,
                             {method: 'POST', headers: {'Content-Type': 'application/json'}, body});
    at('output').replaceChildren(...told(answer.predictions[0], body, answer));
  } catch (error) {
    at('output').replaceChildren(make('p', {className: 'note', textContent: error.message}));
  }
}

async function start() {
  try {
    state.models = (await ask('models')).models;
  } catch (error) {
    at('key').hidden = error.status !== 401;
    at('about').textContent = error.status === 401 && !state.token ? 'The server wants to see its token.' : error.message;
    return;
  }
  at('key').hidden = true;
  at('choice').hidden = state.models.length < 2;
  at('model').replaceChildren(...state.models.map(({name}) => make('option', {value: name, textContent: name})));
  if (state.models.length) show(state.models[0]);
  else at('about').textContent = 'No model is being served yet.';
}

at('key').onsubmit = event => { event.preventDefault(); state.token = at('token').value.trim(); start(); };
at('row').onsubmit = event => { event.preventDefault(); predict(); };
at('model').onchange = () => show(state.models.find(({name}) => name === at('model').value));
at('clear').onclick = () => show(state.model);
start();
)js";

std::string form_style() {
  return report::palette_rules() + std::string(form_rules);
}

}  // namespace neurone::server
