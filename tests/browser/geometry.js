// Copyright (c) 2026, telephony.pbx contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
//
// What is wrong with the geometry of one picture, as a browser draws it: a list of sentences, empty if all is well.
// Called with {svg, font}: the text of the picture, and the family of fonts that replaces its own ("" keeps it).
({ svg, font }) => {
  document.body.innerHTML = svg;
  const root = document.body.querySelector("svg");
  if (font) { root.setAttribute("font-family", font); }
  const origin = root.getBoundingClientRect();
  const problems = [];

  function rectangle(element) {
    const found = element.getBoundingClientRect();
    return { left: found.left - origin.left, right: found.right - origin.left, top: found.top - origin.top,
             bottom: found.bottom - origin.top, words: element.textContent || element.tagName, element };
  }
  // A line of text is as high as its font says, with room above capitals and below what descends: that may touch.
  function ink(element) {
    const found = rectangle(element), size = Number(element.getAttribute("font-size"));
    const base = found.top + size * 0.93;
    return { ...found, top: base - size * 0.75, bottom: base + size * 0.22 };
  }
  function within(inner, outer, slack) {
    return inner.left >= outer.left - slack && inner.right <= outer.right + slack
      && inner.top >= outer.top - slack && inner.bottom <= outer.bottom + slack;
  }
  function meet(one, other) {
    return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
  }
  function every(selector, shape) { return Array.from(root.querySelectorAll(selector), shape); }
  function apart(ones, others, words) {
    ones.forEach((one, place) => (others || ones.slice(place + 1)).forEach((other) => {
      if (one.element !== other.element && meet(one, other)) { problems.push(`${words}: ${one.words} | ${other.words}`); }
    }));
  }

  const whole = { left: 0, top: 0, right: origin.width, bottom: origin.height };
  const boxes = every("g.box > rect", rectangle), texts = every("text", ink), labels = every("g.arrow > text", ink);
  const bars = every("g.bar > rect", rectangle), lanes = every("text.lane", ink);
  const paths = every("g.arrow > path", (path) => path);
  [...boxes, ...bars, ...texts, ...paths.map(rectangle)].forEach((one) => {
    if (!within(one, whole, 0.5)) { problems.push(`outside of the picture: ${one.words}`); }
  });
  root.querySelectorAll("g.box").forEach((group) => {
    const box = rectangle(group.querySelector("rect"));
    group.querySelectorAll("text").forEach((text) => {
      if (!within(ink(text), box, 0)) { problems.push(`outside of its box: ${text.textContent}`); }
    });
  });
  apart(boxes, null, "boxes overlap");
  apart(texts, null, "texts overlap");
  apart(labels, boxes, "a label is on a box");
  apart(lanes, bars, "the name of a lane is on a bar");
  apart(bars.map((bar) => ({ ...bar, left: bar.left + 0.5, right: bar.right - 0.5 })), null, "bars overlap");
  apart(every("line.end", rectangle), every("g.bar > text", ink), "the line of the end runs through");
  // A label of a bar stands in its own bar, or on none; it is not cut by the end of the call or by the next bar.
  root.querySelectorAll("g.bar").forEach((group) => {
    const own = rectangle(group.querySelector("rect"));
    group.querySelectorAll("text").forEach((element) => {
      const text = ink(element);
      const met = bars.filter((bar) => meet(bar, text) && bar.element !== group.querySelector("rect"));
      if (met.length) { problems.push(`the label of a bar is on another bar: ${text.words}`); }
      if (meet(own, text) && !within(text, own, 0)) { problems.push(`half in its bar: ${text.words}`); }
    });
  });
  // No line of one arrow runs through the label of another, or through a box.
  paths.forEach((path) => {
    const length = path.getTotalLength(), own = path.parentNode;
    const others = labels.filter((label) => label.element.parentNode !== own);
    for (let at = 2; at < length - 2; at += 3) {
      const point = path.getPointAtLength(at);
      const hit = [...others, ...boxes].find((one) => point.x > one.left + 1.5 && point.x < one.right - 1.5
        && point.y > one.top + 1.5 && point.y < one.bottom - 1.5);
      if (hit) {
        problems.push(`a line runs through: ${hit.words} | ${own.textContent}`);
        break;
      }
    }
  });
  return problems;
}
