// Answers questions as a founder would who has the facts of a party file before her. Works with and without scripts.
import assert from "node:assert/strict";

/** More questions than any questionnaire may have: a journey that needs more goes round in circles. */
const CIRCLE = 60;

const FORM = 'form[method="post"][action="/ask"]';

/** Begins with nothing known, from the page of the beginning. */
export async function begin(page) {
  await page.goto("/ask");
  await page.locator('button[name="kind"][value="organisation"]').click();
}

/** Whether the page asks a question. */
export const asks = async (page) => (await page.locator(FORM).count()) > 0;

/** The name of the question on the page. */
export const question = (page) => page.locator(`${FORM} input[name="question"]`).inputValue();

/** The keys of the question's fields, in their order. */
export const keys = (page) =>
  page.locator(`${FORM} input[name="shown"]`).evaluateAll((inputs) => inputs.map((input) => input.value));

/** The control of a field, the first if it has several. */
export const control = (page, key) => page.locator(`${FORM} [name="f.${key}"]`).first();

/** Enters the answer to one field: text, a code, or several codes. */
export async function enter(page, key, value) {
  const [tag, type] = await control(page, key).evaluate((element) => [element.localName, element.type]);
  const choose = (code) => page.locator(`${FORM} [name="f.${key}"][value="${code}"]`).check();
  if (tag === "select") {
    await control(page, key).selectOption(value);
  } else if (type === "checkbox") {
    const codes = [value].flat();
    for (const code of codes.length > 0 ? codes : ["none"]) await choose(code);
  } else if (type === "radio") {
    await choose(value);
  } else {
    await control(page, key).fill(value);
  }
}

/**
 * Fills in the question on the page with what `answers` has, and notes in `given` what was entered. A field without an answer is
 * left as it is, which means that it is not known.
 */
export async function fill(page, answers, given = new Map()) {
  for (const key of await keys(page)) {
    if (!answers.has(key)) continue;
    await enter(page, key, answers.get(key));
    given.set(key, answers.get(key));
  }
}

/** Sends the answers, and waits for the page that comes next. */
export async function send(page) {
  await Promise.all([
    page.waitForEvent("domcontentloaded"),
    page.locator(`${FORM} button[name="rest"][value="unknown"]`).click(),
  ]);
}

/** Answers questions, from the one on the page on, until there is none. Gives the questions' names and what was entered. */
export async function answerAll(page, answers) {
  const given = new Map();
  const asked = [];
  while (await asks(page)) {
    asked.push(await question(page));
    assert.ok(asked.length < CIRCLE, `the questionnaire does not end: ${asked.join(", ")}`);
    await fill(page, answers, given);
    await send(page);
  }
  return { asked, given };
}
