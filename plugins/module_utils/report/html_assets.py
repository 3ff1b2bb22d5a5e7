# Copyright (c) 2026, telephony.pbx contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Style and script of the HTML page. Both stand in the page itself: it asks nothing of any server."""

from __future__ import annotations

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --text: #1a202c; --quiet: #4a5568; --line: #cbd5e0;
  --panel: #f7fafc; --link: #1a56b0; --clean: #1c6b3a; --drift: #8a4b00; --incomplete: #a61b1b; --old: #9b1c1c;
  --new: #17603a; }
@media (prefers-color-scheme: dark) { :root { --ground: #14181f; --text: #e8ecf2; --quiet: #a9b4c4; --line: #3b4656;
  --panel: #1d232d; --link: #8ab8ff; --clean: #6fd694; --drift: #f3b562; --incomplete: #ff8f8f; --old: #ff9d9d;
  --new: #7ddba3; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1rem; max-width: 76rem; background: var(--ground); color: var(--text);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
h1, h2, h3, h4 { line-height: 1.25; } h1 { font-size: 1.5rem; } h2 { font-size: 1.4rem; } h3 { font-size: 1.2rem; }
h4 { font-size: 1rem; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -999rem; } .skip:focus { position: static; }
.quiet { color: var(--quiet); } code, pre { font: .9rem/1.45 ui-monospace, monospace; } pre { white-space: pre-wrap; }
.lines { white-space: pre-line; columns: 16rem; }
.verdict { font-weight: 700; } .verdict.clean { color: var(--clean); } .verdict.drift { color: var(--drift); }
.verdict.incomplete { color: var(--incomplete); }
.banner { border-left: .5rem solid; padding: .5rem 1rem; background: var(--panel); font-size: 1.25rem; }
.counts { display: flex; flex-wrap: wrap; gap: .5rem; padding: 0; list-style: none; }
.counts li { border: 1px solid var(--line); border-radius: .4rem; padding: .25rem .75rem; background: var(--panel); }
.counts b { font-size: 1.2rem; }
.tools { display: flex; flex-wrap: wrap; gap: .75rem 1.5rem; align-items: end; border: 1px solid var(--line);
  border-radius: .4rem; padding: .75rem; margin: 1rem 0; }
.tools fieldset { border: 0; margin: 0; padding: 0; } .tools legend { padding: 0; }
.tools label { margin-right: .75rem; white-space: nowrap; } body [hidden] { display: none; }
input[type=search] { font: inherit; padding: .35rem .5rem; width: 18rem; max-width: 100%; }
button { font: inherit; padding: .35rem .75rem; }
input[type=checkbox] { width: 1.15rem; height: 1.15rem; vertical-align: text-bottom; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; } caption { text-align: left; font-weight: 600; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; }
@media (min-width: 40.01rem) { .changes thead th { white-space: nowrap; } .changes tbody th { min-width: 14rem; } }
td.old { color: var(--old); } td.new { color: var(--new); }
#overview th, #overview td { white-space: nowrap; }
#overview tbody th { white-space: normal; min-width: 8rem; max-width: 24rem; position: sticky; left: 0;
  background: var(--ground); }
.tenant { border: 1px solid var(--line); border-radius: .4rem; margin: .75rem 0; padding: 0 1rem;
  content-visibility: auto; contain-intrinsic-size: auto 4rem; } .tenant[open] { contain-intrinsic-size: auto 24rem; }
.tenant > summary { padding: .75rem 0; cursor: pointer; } .tenant > summary h3 { display: inline; }
.object { border-left: .25rem solid var(--line); padding-left: .75rem; margin: 1rem 0; }
figure { margin: 1rem 0; } figure img { display: block; background: #ffffff; border-radius: .4rem; }
@media (max-width: 40rem) {
  .changes thead { position: absolute; left: -999rem; } .changes tr, .changes td, .changes th { display: block; }
  .changes tr { border-bottom: 1px solid var(--line); } .changes td, .changes th { border: 0; padding: .1rem 0; }
  .changes td::before { content: attr(data-label) ": "; color: var(--quiet); } .tenant { padding: 0 .6rem; }
}
@media print {
  :root { color-scheme: light; --ground: #ffffff; --text: #000000; --quiet: #333333; --line: #999999; --panel: #ffffff;
    --link: #000000; --clean: #000000; --drift: #000000; --incomplete: #000000; --old: #000000; --new: #000000; }
  .tenant { content-visibility: visible; } .wide { overflow: visible; } figure img { max-width: 100%; height: auto; }
  .tools, .skip { display: none; } .object, tr, figure { break-inside: avoid; } body { max-width: none; padding: 0; }
}
@media (prefers-reduced-motion: no-preference) { html { scroll-behavior: smooth; } }
"""

# Without the script everything is there, and only search and filter are missing.
SCRIPT = """
(function () {
  "use strict";
  var tools = document.getElementById("tools"), search = document.getElementById("search");
  var status = document.getElementById("shown");
  var tenants = Array.prototype.slice.call(document.querySelectorAll("details.tenant"));
  var rows = Array.prototype.slice.call(document.querySelectorAll("#overview tbody tr"));
  var boxes = Array.prototype.slice.call(tools.querySelectorAll("input[type=checkbox]"));
  var texts = [], found = [], most = 20;
  function textOf(index) {
    if (texts[index] === undefined) { texts[index] = tenants[index].textContent.toLowerCase(); }
    return texts[index];
  }
  function wordsOf(text) { return text.toLowerCase().split(/\\s+/).filter(Boolean); }
  function apply() {
    var words = wordsOf(search.value), verdicts = {}, number = 0;
    boxes.forEach(function (box) { verdicts[box.value] = box.checked; });
    if (!words.length) {
      found.forEach(function (one) { one.open = false; });
      found = [];
    }
    tenants.forEach(function (one, index) {
      var fits = verdicts[one.dataset.verdict] && words.every(function (word) { return textOf(index).indexOf(word) >= 0; });
      one.hidden = !fits;
      rows[index].hidden = !fits;
      if (fits) { number += 1; }
      // The first that were found are opened, and closed again when the search is over.
      if (fits && words.length && number <= most && !one.open) {
        one.open = true;
        found.push(one);
      }
    });
    status.textContent = number + " of " + tenants.length + " tenants shown";
  }
  function openTarget() {
    var target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target && target.tagName === "DETAILS") {
      target.open = true;
      target.scrollIntoView();
      target.querySelector("summary").focus({ preventScroll: true });
    }
  }
  var closed = [];
  window.addEventListener("beforeprint", function () {
    closed = Array.prototype.filter.call(document.querySelectorAll("details"), function (one) { return !one.open; });
    closed.forEach(function (one) { one.open = true; });
  });
  window.addEventListener("afterprint", function () { closed.forEach(function (one) { one.open = false; }); });
  window.addEventListener("hashchange", openTarget);
  search.addEventListener("input", apply);
  tools.addEventListener("submit", function (event) { event.preventDefault(); });
  boxes.forEach(function (box) { box.addEventListener("change", apply); });
  document.getElementById("all").addEventListener("click", function () {
    var open = tenants.some(function (one) { return !one.hidden && !one.open; });
    tenants.forEach(function (one) { if (!one.hidden) { one.open = open; } });
  });
  tools.hidden = false;
  apply();
  openTarget();
}());
"""
