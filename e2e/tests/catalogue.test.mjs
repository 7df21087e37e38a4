// The catalogue: found in both languages, narrowed, read, compared over time, tried with one's own facts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { MEASURES } from "../support/addresses.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { DESK, PHONE, world } from "../support/world.mjs";

const w = world("catalogue");

const hits = (page) => page.locator("#found article.measure a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
const total = async (page) => Number(/\d+/.exec((await page.locator("#count").innerText()).replaceAll(",", ""))[0]);

/** Waits until a script has put new results in place, or the page has been loaded anew. */
const narrowed = (page, act) => Promise.all([page.waitForResponse(/\/catalogue\?/), page.waitForURL(/\/catalogue\?/), act()]);

describe("the catalogue", () => {
  for (const [lang, words, first] of [
    ["zh", "训力券", /training-voucher/],
    ["zh", "租算力", /compute|training-voucher|rent/],
    ["en", "training voucher", /training-voucher/],
    ["en", "high-tech enterprise", /hnte|high-?tech/],
  ]) {
    test(`finds “${words}”`, async (t) => {
      const page = await w.page(await w.visitor(t, { lang, window: PHONE }));
      await page.goto("/catalogue");
      const all = await total(page);
      await page.locator("#q").fill(words);
      await narrowed(page, () => page.locator("#q").press("Enter"));
      await page.waitForFunction((before) => !document.querySelector("#count").textContent.includes(String(before)), all);
      assert.match((await hits(page))[0], first);
      page.watched.quiet(`searching ${words}`);
    });
  }

  test("is narrowed step by step, and the address keeps it", async (t) => {
    const visitor = await w.visitor(t, { window: DESK });
    const page = await w.page(visitor);
    await page.goto("/catalogue");
    const all = await total(page);
    if (!(await page.locator("#open").isVisible())) await page.locator("details.catalogue-filters > summary").click();
    await narrowed(page, () => page.locator("#open").check());
    await page.waitForFunction((before) => !document.querySelector("#count").textContent.includes(String(before)), all);
    const open = await total(page);
    assert.ok(open > 0 && open < all, `${open} of ${all} are open`);

    const address = page.url();
    const found = await hits(page);
    await page.goto("/about");
    await page.goto(address);
    assert.equal(await total(page), open);
    assert.deepEqual(await hits(page), found);
    assert.ok(await page.locator("#open").isChecked());

    await page.locator(".chips a").first().click();
    await page.waitForLoadState("load");
    assert.equal(await total(page), all, "the filter is taken off");
    page.watched.quiet("narrowing");
  });

  test("takes wrong filters with a word of notice", async (t) => {
    const page = await w.page(await w.visitor(t));
    assert.equal((await page.goto("/catalogue?at_least=viel&place=atlantis&page=999&sort=x")).status(), 200);
    assert.ok((await page.locator("#found .notice").count()) > 0);
    page.watched.quiet("wrong filters");
  });

  test("shows a measure with its rule, its versions and what changed", async (t) => {
    const page = await w.page(await w.visitor(t, { lang: "en", window: PHONE }));
    await page.goto(`/catalogue/${MEASURES.versions}`);
    for (const id of ["benefit", "conditions", "source", "rule"]) assert.equal(await page.locator(`#${id}`).count(), 1, id);
    await page.locator(`main a[href^="/catalogue/${MEASURES.versions}/versions"]`).first().click();
    await page.waitForURL("**/versions");
    assert.ok((await page.locator("main ins, main del").count()) > 0, "differences are shown");
    page.watched.quiet("versions");
  });

  test("lets a measure be tried with one's own facts", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE });
    const page = await w.page(visitor);
    await page.goto(`/catalogue/${MEASURES.demand}`);
    assert.equal(await page.locator('main a.button[href="/ask"]').count(), 1, "without facts it leads to the questions");
    await withDemoFacts(visitor);
    await page.goto(`/catalogue/${MEASURES.demand}`);
    await page.locator(`main a.button[href="/answer/measures/${MEASURES.demand}"]`).click();
    assert.match(await page.locator("main .outcome").first().innerText(), /认定|人工/);
    page.watched.quiet("trying a measure");
  });

  test("tells what changed, as a page and as a feed", async (t) => {
    const visitor = await w.visitor(t);
    const page = await w.page(visitor);
    await page.goto("/catalogue/changes");
    assert.ok((await page.locator("main time").count()) > 10);
    const feed = await visitor.request.get("/catalogue/changes.atom");
    assert.match(feed.headers()["content-type"], /application\/atom\+xml/);
    const entries = await page.evaluate((text) => {
      const document = new DOMParser().parseFromString(text, "application/xml");
      return document.querySelector("parsererror") ? -1 : document.querySelectorAll("entry").length;
    }, await feed.text());
    assert.ok(entries > 0);
    page.watched.quiet("changes");
  });

  test("shows charts with a table beside each", async (t) => {
    const page = await w.page(await w.visitor(t));
    await page.goto("/catalogue/overview");
    const charts = page.locator("[data-chart]:visible");
    assert.ok((await charts.count()) > 0);
    const height = (chart) => chart.evaluate((place) => place.offsetHeight);
    for (const chart of await charts.all()) {
      assert.ok(await chart.getAttribute("aria-label"), "a chart says what it shows");
      assert.ok((await chart.locator("xpath=following-sibling::*//table").count()) > 0, "its table follows");
      const room = await height(chart);
      // it is drawn when it comes near
      await chart.scrollIntoViewIfNeeded();
      await chart.locator("canvas").waitFor();
      assert.equal(await chart.locator("canvas").count(), 1);
      assert.equal(await height(chart), room, "its room was kept free");
    }
    page.watched.quiet("charts");
  });
});
