import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { FACT_TERMS, rebuild, searchTerms, termOf, termOfFact } from "../../../frontend/js/document/terms.js";

const element = (localName, childNodes = [], attributes = {}) => ({
  localName,
  childNodes: childNodes.map((child) => (typeof child === "string" ? { nodeType: 3, data: child } : child)),
  attributes: Object.entries(attributes).map(([name, value]) => ({ name, value })),
});
const write = (tag, attributes, children) =>
  `<${[tag, ...attributes.map(([name, value]) => `${name}=${value}`)].join(" ")}>${children.join("")}</${tag}>`;

test("a formula is built again from what MathML needs", () => {
  const formula = element("math", [element("msup", [element("mi", ["x"]), element("mn", ["2"])])], {
    display: "block",
  });
  assert.equal(rebuild(formula, write), "<math display=block><msup><mi>x</mi><mn>2</mn></msup></math>");
});

test("scripts, links, handlers and styles never reach the page", () => {
  const hostile = element("math", [
    element("script", ["alert(1)"]),
    element("mi", ["x"], {
      onclick: "alert(1)",
      style: "color: red",
      href: "javascript:alert(1)",
      mathvariant: "normal",
    }),
    element("annotation-xml", [element("img", [], { src: "x", onerror: "alert(1)" })]),
    { nodeType: 8, data: "a comment" },
  ]);
  assert.equal(rebuild(hostile, write), "<math><mi mathvariant=normal>x</mi></math>");
  assert.equal(rebuild(element("img"), write), null);
});

test("a formula nested without end is cut, not followed", () => {
  let deep = element("mrow");
  for (let level = 0; level < 10_000; level += 1) deep = element("mrow", [deep]);
  assert.ok(String(rebuild(element("math", [deep]), write)).length < 4000);
});

test("a formula of a hundred fractions within one another is built whole", () => {
  let deep = element("mi", ["x"]);
  for (let level = 0; level < 100; level += 1)
    deep = element("mfrac", [element("mrow", [deep]), element("mi", ["y"])]);
  assert.match(String(rebuild(element("math", [deep]), write)), /<mi>x<\/mi>/);
});

const few = {
  momentum: { text: "A ball's memory.", mathml: null },
  gradient: { text: "The direction of steepest ascent.", mathml: null },
  "Nesterov momentum": { text: "Looks ahead.", mathml: null },
  Adam: { text: "Momentum, scaled.", mathml: "<math></math>" },
};

test("terms come by their name first, then by what they say", () => {
  const keys = (query) => searchTerms(few, query).map(({ key }) => key);
  assert.deepEqual(keys(" Mom"), ["momentum", "Nesterov momentum", "Adam"]);
  assert.deepEqual(keys(""), ["Adam", "gradient", "momentum", "Nesterov momentum"]);
  assert.deepEqual(keys("zebra"), []);
  assert.deepEqual(searchTerms(null, "x"), []);
});

test("a term that the glossary lacks is no term", () => {
  assert.deepEqual(termOf(few, "Adam"), {
    key: "Adam",
    text: "Momentum, scaled.",
    mathml: "<math></math>",
  });
  assert.equal(termOf(few, "nothing"), null);
  assert.equal(termOf(few, null), null);
});

const glossary = JSON.parse(
  readFileSync(new URL("../../../backend/descentscape/data/glossary.json", import.meta.url), "utf8"),
);

test("every term that the page asks for is in the glossary", () => {
  const folder = new URL("../../../frontend/js/", import.meta.url);
  const asked = readdirSync(folder, { recursive: true }).flatMap((file) => {
    if (!file.endsWith(".js")) return [];
    const source = readFileSync(new URL(file, folder), "utf8");
    const calls = [
      ...source.matchAll(/\b(?:what|createTerm)\(store, "([^"]+)"/g),
      ...source.matchAll(/\btitled\(store, "[^"]+", "([^"]+)"/g),
      ...source.matchAll(/\bterm: "([^"]+)"/g),
    ];
    return calls.map(([, term]) => term);
  });
  assert.ok(asked.length > 20);
  for (const term of [...asked, ...Object.values(FACT_TERMS)]) assert.ok(term in glossary, term);
});

test("a fact is explained by its name, by what its symbol stands for, or by its first word", () => {
  assert.equal(termOfFact("condition number"), "condition number");
  assert.equal(termOfFact("m (first moment)"), "moment");
  assert.equal(termOfFact("bound 2/λ_max"), "stability");
  assert.equal(termOfFact("moved by"), undefined);
});

test("the glossary's formulas use only what the page builds", () => {
  for (const [key, { mathml }] of Object.entries(glossary)) {
    for (const [, tag] of (mathml ?? "").matchAll(/<([a-z]+)/g))
      assert.notEqual(rebuild(element(tag), write), null, `${key}: <${tag}>`);
  }
});
