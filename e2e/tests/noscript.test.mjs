// Everything works with scripts switched off.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MEASURES } from "../support/addresses.mjs";
import { assess } from "../support/kapok.mjs";
import { answersOf } from "../support/party.mjs";
import { answerAll } from "../support/questionnaire.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { PHONE, world } from "../support/world.mjs";

const w = world("noscript");

describe("without scripts", () => {
  test("a founder gets from home to the answer and its reasons", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE, js: false });
    const page = await w.page(visitor);
    await page.goto("/");
    await page.locator('main a[href^="/ask"]').first().click();
    await page.locator('button[name="kind"][value="organisation"]').click();
    const { asked, given } = await answerAll(page, answersOf("demo/companies/ai-startup.yaml"));
    assert.ok(asked.length <= 12, `${asked.length} questions`);
    await page.locator('main a.button.primary[href="/answer"]').click();
    assert.deepEqual(await (await visitor.request.get("/answer.json")).json(), assess(given));

    await page.locator(`a[href^="/answer/measures/${MEASURES.demand}"]`).first().click();
    assert.ok((await page.locator("ul.tree li").count()) > 3, "the reasons are a tree");
    page.watched.quiet("the journey without scripts");
  });

  test("language and look can be chosen", async (t) => {
    const visitor = await w.visitor(t, { js: false });
    const page = await w.page(visitor);
    await page.goto("/about");
    await page.locator('a[hreflang="en"]').first().click();
    assert.equal(await page.getAttribute("html", "lang"), "en");
    await page.locator('form[action="/preferences"] button[value="dark"]').first().click();
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    await page.goto("/catalogue");
    assert.equal(await page.getAttribute("html", "lang"), "en");
    assert.equal(await page.getAttribute("html", "data-theme"), "dark");
    page.watched.quiet("preferences");
  });

  test("the catalogue is searched and narrowed", async (t) => {
    const visitor = await w.visitor(t, { js: false });
    const page = await w.page(visitor);
    await page.goto("/catalogue");
    await page.locator('main input[name="q"]').fill("租算力");
    await page.locator('main input[name="q"]').press("Enter");
    await page.waitForURL(/q=/);
    assert.ok((await page.locator('main a[href^="/catalogue/"]').count()) > 0);
    page.watched.quiet("the catalogue");
  });

  test("a link that holds facts says what it needs", async (t) => {
    const visitor = await w.visitor(t, { js: false });
    await withDemoFacts(visitor);
    const page = await w.page(await w.visitor(t, { js: false }));
    await page.goto("/answer#f=abc");
    assert.match(await page.locator("main").innerText(), /脚本/);
  });
});
