// A company that the registry knows: found by its name or code, its facts shown with their sources, and fewer questions.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answersOf } from "../support/party.mjs";
import { answerAll, begin } from "../support/questionnaire.mjs";
import { PHONE, world } from "../support/world.mjs";

const w = world("company");
const answers = answersOf("demo/companies/ai-startup.yaml");

describe("a company of the registry", () => {
  test("is found by its name, and begins with what is known of it", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE });
    const page = await w.page(visitor);
    await page.goto("/");
    await page.locator('input[name="q"]').first().fill("智能");
    await page.locator('input[name="q"]').first().press("Enter");
    await page.waitForURL(/\/search/);
    const link = page.locator('main a[href^="/companies/"]').first();
    const [name, code] = [await link.innerText(), (await link.getAttribute("href")).split("/").at(-1)];
    w.secret(code, name);
    await link.click();
    assert.equal(await page.locator("h1").innerText(), name);
    const text = await page.locator("main").innerText();
    assert.ok(text.includes(code));
    assert.match(text, /市场监管|社保|税务|统计/, "it says where the facts come from");

    await page.locator('form[action="/ask/start"] button').click();
    const kept = await (await visitor.request.get("/ask/answers.json")).json();
    assert.equal(kept["org.uscc"]?.value ?? kept["org.uscc"], code);
    const { asked } = await answerAll(page, answers);
    await page.goto("/ask/answers");
    assert.match(await page.locator("main").innerText(), /市场监管/, "the sources are still there");

    const stranger = await w.visitor(t, { window: PHONE });
    const blank = await w.page(stranger);
    await begin(blank);
    const { asked: all } = await answerAll(blank, answers);
    console.log(`FIGURE questions_from_registry ${asked.length} questions\nFIGURE questions_from_nothing ${all.length} questions`);
    assert.ok(asked.length < all.length, `${asked.length} questions with the registry, ${all.length} without`);
    page.watched.quiet("a company of the registry");
  });

  test("is found by its code, however it is written", async (t) => {
    const visitor = await w.visitor(t);
    const page = await w.page(visitor);
    await page.goto("/search?q=智能");
    const href = await page.locator('main a[href^="/companies/"]').first().getAttribute("href");
    const code = href.split("/").at(-1);
    for (const typed of [code, ` ${code.toLowerCase()} `, `${code.slice(0, 8)} ${code.slice(8)}`]) {
      await page.goto("/search");
      await page.locator('main input[name="q"]').fill(typed);
      await page.locator('main input[name="q"]').press("Enter");
      await page.waitForURL(`**${href}`);
    }
    page.watched.quiet("a company by its code");
  });
});
