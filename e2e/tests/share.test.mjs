// Sharing an answer: by a saved copy that can be ended, and by a link that holds the facts itself.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible } from "../support/checks.mjs";
import { withDemoFacts } from "../support/steps.mjs";
import { DESK, world } from "../support/world.mjs";

const w = world("share");
w.secret("示例智能", "91440300MAXDEM0135");

const ended = (url) => new URL(url).pathname.startsWith("/s/");
const report = async (visitor, path = "/answer.json") => (await visitor.request.get(path)).json();

/** A visitor who has made a link, and the link. */
async function sharing(t) {
  const owner = await w.visitor(t, { window: DESK });
  await withDemoFacts(owner);
  const page = await w.page(owner);
  await page.goto("/answer");
  await page.locator('main a[href="/answer/share"]').click();
  await page.locator('input[name="days"][value="7"]').check();
  await page.locator('form[action="/answer/share"] button').click();
  const link = await page.locator(".shares input").first().inputValue();
  assert.match(link, new RegExp(`^${w.url}/s/[A-Za-z0-9_-]{20,}$`));
  return { owner, page, link };
}

describe("a saved link", () => {
  test("shows the same answer to someone else, who can go on from it", async (t) => {
    const { owner, page, link } = await sharing(t);
    await accessible(page, "the page of sharing");
    const other = await w.visitor(t, { lang: "en" });
    const guest = await w.page(other);
    await guest.goto(link);
    assert.match(await guest.locator("h1").innerText(), /示例智能/);
    assert.deepEqual(await report(other, `${link}/answer.json`), await report(owner));
    assert.equal(await guest.locator('main form[method="post"]:not([action="/answer/import"])').count(), 0, "it is only to be read");
    const feed = await other.request.get(`${link}/deadlines.ics`);
    assert.match(feed.headers()["content-type"], /text\/calendar/);

    await guest.locator('form[action="/answer/import"] button').click();
    await guest.locator('button[name="take"]').click();
    await guest.waitForURL("**/answer");
    assert.deepEqual(await report(other), await report(owner));
    guest.watched.quiet("a shared answer");
  });

  test("that was ended is gone, and says so", async (t) => {
    const { page, link } = await sharing(t);
    await page.locator('form[action="/answer/share/end"] button').first().click();
    await page.waitForLoadState("load");
    const guest = await w.page(await w.visitor(t), ended);
    assert.equal((await guest.goto(link)).status(), 410);
    assert.match(await guest.locator("main").innerText(), /结束|到期|失效/);
    await accessible(guest, "an ended link");
    assert.equal((await guest.goto(`${link}x`)).status(), 404, "a name that never was is unknown");
    guest.watched.quiet("an ended link");
  });
});

describe("a link that holds the facts", () => {
  const packed = async (t) => {
    const owner = await w.visitor(t);
    await withDemoFacts(owner);
    const page = await w.page(owner);
    await page.goto("/answer/share");
    return { owner, link: await page.locator("#packed").inputValue() };
  };

  test("is read by the browser, shown, and taken over on wish; no address has the facts", async (t) => {
    const { owner, link } = await packed(t);
    const other = await w.visitor(t);
    const guest = await w.page(other);
    const addresses = [];
    guest.on("request", (request) => addresses.push(request.url()));
    await guest.goto(link);
    await guest.locator('button[name="take"]').click();
    await guest.waitForURL("**/answer");
    assert.deepEqual(await report(other), await report(owner));
    const facts = link.split("#f=")[1];
    assert.ok(facts.length > 100 && addresses.length > 1);
    assert.ok(addresses.every((address) => !address.split("#")[0].includes(facts.slice(0, 40))));
    guest.watched.quiet("a link with facts");
  });

  test("that was changed or cut is refused, and own answers stay", async (t) => {
    const { link } = await packed(t);
    const middle = Math.floor((link.length + link.indexOf("#f=")) / 2);
    const changed = link.slice(0, middle) + (link[middle] === "A" ? "B" : "A") + link.slice(middle + 1);
    const other = await w.visitor(t);
    await withDemoFacts(other, "companies/robot-maker.yaml");
    const before = await report(other);
    const guest = await w.page(other, (url) => new URL(url).pathname === "/answer/import");
    for (const wrong of [changed, link.slice(0, middle), `${link.split("#")[0]}#f=abc`]) {
      await guest.goto("/about");
      await guest.goto(wrong);
      await guest.waitForURL("**/answer/import");
      assert.match(await guest.locator("main").innerText(), /不完整|改动/);
      await accessible(guest, "a damaged link");
    }
    assert.deepEqual(await report(other), before);
    guest.watched.quiet("a damaged link");
  });

  test("asks before it replaces own answers", async (t) => {
    const { link } = await packed(t);
    const other = await w.visitor(t);
    await withDemoFacts(other, "companies/robot-maker.yaml");
    const before = await report(other);
    const guest = await w.page(other);
    await guest.goto(link);
    await guest.waitForURL("**/answer/import");
    assert.match(await guest.locator(".notice.warn").innerText(), /替换/);
    await guest.locator('main a.button[href="/answer"]').click();
    assert.deepEqual(await report(other), before);
    guest.watched.quiet("keeping one's own");
  });
});
