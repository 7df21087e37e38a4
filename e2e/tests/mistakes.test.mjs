// Wrong entries: a message at the field that says what would be right, and nothing else is lost.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible } from "../support/checks.mjs";
import { begin, control, enter, keys, send } from "../support/questionnaire.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { PHONE, world } from "../support/world.mjs";

const w = world("mistakes");

/** The demo start-up's code with another check character. */
const WRONG_CODE = "91440300MAXDEM0136";
w.secret(WRONG_CODE, "十几个人", "3026-01-01", "示例九号");

const wanted = (url) => ["/ask", "/ask/start", "/answer"].includes(new URL(url).pathname);

/** The message at a field. */
async function messageAt(page, key) {
  const field = control(page, key);
  const invalid = field.locator("xpath=ancestor-or-self::*[@aria-invalid='true'][1]");
  assert.equal(await invalid.count(), 1, `${key} is marked as wrong`);
  const described = await invalid.getAttribute("aria-describedby");
  const error = described ? page.locator(`#${described.split(" ").find((id) => id.endsWith("-error"))}`) : invalid.locator(".error");
  return error.innerText();
}

describe("a wrong entry", () => {
  for (const lang of ["zh", "en"]) {
    test(`in a question is told at its field, and the right ones are kept (${lang})`, async (t) => {
      const visitor = await w.visitor(t, { window: PHONE, lang });
      const page = await w.page(visitor, wanted);
      await begin(page);
      await page.goto("/ask?q=who");
      const shown = await keys(page);
      for (const key of ["org.founded_on", "org.kind", "org.place"]) assert.ok(shown.includes(key), `${key} is asked`);
      await enter(page, "org.kind", "enterprise");
      await enter(page, "org.place", "nanshan");
      await enter(page, "org.founded_on", "3026-01-01");
      await send(page);

      assert.match(await messageAt(page, "org.founded_on"), /3026/);
      assert.equal(await control(page, "org.founded_on").inputValue(), "3026-01-01", "what was entered is there to be mended");
      assert.equal(await control(page, "org.place").inputValue(), "nanshan");
      assert.equal(await control(page, "org.kind").inputValue(), "enterprise");
      const summary = page.locator("#mistakes");
      assert.equal(await summary.locator("a").count(), 1);
      await summary.locator("a").first().click();
      await accessible(page, "a question with mistakes");

      await enter(page, "org.founded_on", "2025-09-20");
      await send(page);
      assert.equal(await page.locator("#mistakes").count(), 0);
      const kept = await (await visitor.request.get("/ask/answers.json")).json();
      assert.deepEqual(
        [kept["org.founded_on"], kept["org.kind"], kept["org.place"]],
        ["2025-09-20", "enterprise", "nanshan"],
      );
      page.watched.quiet("mistakes in a question");
    });
  }

  test("of text in a number field is told at its field", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE });
    const page = await w.page(visitor, wanted);
    await begin(page);
    await page.goto("/ask?q=people");
    await enter(page, "org.staff", "十几个人");
    await enter(page, "org.sti_staff", "9");
    await send(page);
    assert.match(await messageAt(page, "org.staff"), /十几个人/);
    assert.equal(await control(page, "org.staff").inputValue(), "十几个人");
    assert.equal(await control(page, "org.sti_staff").inputValue(), "9");
    assert.equal((await (await visitor.request.get("/ask/answers.json")).json())["org.sti_staff"], "9");
    page.watched.quiet("text in a number field");
  });

  test("of a code with a wrong check character is told where the company is looked up", async (t) => {
    const visitor = await w.visitor(t);
    const page = await w.page(visitor, wanted);
    await page.goto("/ask/start");
    await page.locator("#uscc").fill(WRONG_CODE);
    await page.locator("#uscc").press("Enter");
    await page.locator("#uscc-error").waitFor();
    assert.match(await page.locator("#uscc-error").innerText(), /5/);
    assert.equal(await page.locator("#uscc").inputValue(), WRONG_CODE);
    assert.equal(await page.locator("#uscc").getAttribute("aria-invalid"), "true");
    await accessible(page, "a wrong code");

    await page.goto("/");
    await page.locator('input[name="q"]').first().fill(WRONG_CODE);
    await page.locator('input[name="q"]').first().press("Enter");
    await page.waitForURL(/\/search/);
    assert.match(await page.locator("main").innerText(), /校验/, "the search says what is wrong with the code");
    page.watched.quiet("a wrong code");
  });

  test("of a date for the answer is told at its field, and the facts are kept", async (t) => {
    const visitor = await w.visitor(t);
    await withDemoFacts(visitor);
    const before = await (await visitor.request.get("/answer.json")).json();
    const page = await w.page(visitor, wanted);
    for (const date of ["3026-01-01", "tomorrow", "2026-02-30"]) {
      await page.goto(`/answer?on=${date}`);
      assert.ok((await page.locator("#on-error").innerText()).includes(date));
      assert.equal(await page.locator("#on").getAttribute("aria-invalid"), "true");
      assert.ok(await page.locator("#on-error").isVisible());
    }
    await accessible(page, "a wrong date");
    assert.deepEqual(await (await visitor.request.get("/answer.json")).json(), before);
    page.watched.quiet("a wrong date");
  });
});
