// A founder with a phone: from home to the answer, in any order, with pauses, and with second thoughts.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { accessible } from "../support/checks.mjs";
import { assess } from "../support/kapok.mjs";
import { answersOf } from "../support/party.mjs";
import { answerAll, asks, begin, control, enter, fill, question, send } from "../support/questionnaire.mjs";
import { startServer } from "../support/server.mjs";
import { PHONE, world } from "../support/world.mjs";

/** The questions that a start-up may be asked until it has its answer. */
const MOST_QUESTIONS = 12;

const w = world("phone");
const answers = answersOf("demo/companies/ai-startup.yaml");
w.secret(...[...answers.values()].flat().filter((value) => value.length > 6));

/** What the site says of the answers that it keeps, in the form of `kapok assess --json`. */
const report = async (visitor) => (await visitor.request.get("/answer.json")).json();

const totals = (page) => page.locator(".so-far .stat-value").allInnerTexts();

describe("a founder with a phone", () => {
  test("gets from home to the answer in at most twelve questions, and the answer is that of the command line", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE, hasTouch: true });
    const page = await w.page(visitor);
    await page.goto("/");
    await page.locator('main a[href^="/ask"]').first().click();
    await page.locator('button[name="kind"][value="organisation"]').click();
    assert.ok(await asks(page), "the first question comes at once");

    const { asked, given } = await answerAll(page, answers);
    assert.ok(asked.length <= MOST_QUESTIONS, `${asked.length} questions: ${asked.join(", ")}`);
    console.log(`FIGURE questions_ai_startup ${asked.length} questions`);
    await accessible(page, "the end of the questionnaire");

    await page.locator('main a.button.primary[href="/answer"]').click();
    assert.match(await page.locator("h1").innerText(), /能获得什么/);
    const wanted = assess(given);
    assert.deepEqual(await report(visitor), wanted, "the page and the command line say the same, measure by measure");
    const shown = await page.locator(".bundle").textContent();
    for (const { measure } of wanted.bundle.lines) {
      assert.ok(shown.includes(wanted.measures.find((one) => one.measure === measure).name.zh), `${measure} is in the bundle`);
    }
    await page.goto("/answer?lang=en");
    const figures = (await page.locator(".bundle .stat-value").allInnerTexts()).map((text) => Number(text.replace(/[^0-9.]/g, "")));
    const sum = (end) => wanted.bundle.lines.reduce((all, { amount }) => all + Number(amount[end] ?? 0), 0);
    assert.deepEqual([figures.at(0), figures.at(-1)], [sum("low"), sum("high")], "first what is sure, last what is possible");
    page.watched.quiet("the journey");
  });

  test("gets the same answer whatever the order of the answers", async (t) => {
    const first = await w.visitor(t, { window: PHONE });
    const page = await w.page(first);
    await begin(page);
    const { asked, given } = await answerAll(page, answers);

    const second = await w.visitor(t, { window: PHONE });
    const backwards = await w.page(second);
    await begin(backwards);
    const entered = new Map();
    const names = [...new Set(asked)].reverse();
    // a record's fields can be answered only once its list is: what is not there yet is tried again
    for (let round = 0; entered.size < given.size && round < 5; round += 1) {
      for (const name of names) {
        await backwards.goto(`/ask?q=${name}`);
        if (!(await asks(backwards)) || (await question(backwards)) !== name) continue;
        await fill(backwards, given, entered);
        await send(backwards);
      }
    }
    assert.deepEqual([...entered.keys()].sort(), [...given.keys()].sort(), "everything could be entered");
    assert.deepEqual(await report(second), await report(first));
    backwards.watched.quiet("the questionnaire backwards");
  });

  test("leaves, comes back later, and finds everything", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE });
    const page = await w.page(visitor);
    await begin(page);
    const given = new Map();
    for (let count = 0; count < 3; count += 1) {
      await fill(page, answers, given);
      await send(page);
    }
    const [next, sum] = [await question(page), await totals(page)];
    const before = await report(visitor);
    await page.close();

    // the browser is closed: only what it keeps on its disk is left
    const later = await w.visitor(t, { window: PHONE, storageState: await visitor.storageState() });
    const again = await w.page(later);
    await again.goto("/ask");
    assert.equal(await question(again), next, "the questionnaire goes on where it was left");
    assert.deepEqual(await totals(again), sum);
    assert.deepEqual(await report(later), before);
    await again.goto("/ask/answers");
    const kept = await (await later.request.get("/ask/answers.json")).json();
    assert.equal(kept["org.kind"], answers.get("org.kind"));
    assert.ok((await again.locator(".given li").count()) >= given.size, "every answer is listed");
    again.watched.quiet("coming back");
  });

  test("finds everything also when the server has been started anew", async (t) => {
    const before = await startServer("phone-before");
    const visitor = await w.visitor(t, { baseURL: before.url, window: PHONE });
    const page = await w.page(visitor);
    await begin(page);
    await fill(page, answers);
    await send(page);
    const [said, next] = [await report(visitor), await question(page)];
    const cookies = await visitor.storageState();
    await before.end();

    const after = await startServer("phone-after", [], before.data);
    t.after(() => after.stop());
    const later = await w.visitor(t, { baseURL: after.url, window: PHONE, storageState: cookies });
    assert.deepEqual(await report(later), said);
    const again = await w.page(later);
    await again.goto("/ask");
    assert.equal(await question(again), next);
  });

  test("changes an answer, and the total changes with it", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE });
    const page = await w.page(visitor);
    await begin(page);
    const { given } = await answerAll(page, answers);
    assert.ok(given.has("contract.amount#1"), "the contract is asked for");
    const before = await report(visitor);

    await page.goto("/ask/answers");
    await page.locator('main a[href="/ask?q=contract"]').click();
    assert.match(await control(page, "contract.amount#1").inputValue(), /^12,?000,?000$/, "the answer is there to be changed");
    await enter(page, "contract.amount#1", "100万");
    await send(page);
    await page.waitForURL("**/ask/answers");
    const after = await report(visitor);
    assert.notDeepEqual(after.bundle.lines, before.bundle.lines);
    assert.deepEqual(after, assess(new Map([...given, ["contract.amount#1", "100万元"]])));
    page.watched.quiet("changing an answer");
  });

  test("does not know anything, and is told so without a dead end", async (t) => {
    const visitor = await w.visitor(t, { window: PHONE, lang: "en" });
    const page = await w.page(visitor);
    await begin(page);
    const { asked } = await answerAll(page, new Map());
    assert.ok(asked.length > 0);
    const wanted = assess(new Map());
    assert.deepEqual((await report(visitor)).measures.map((one) => [one.measure, one.outcome]), wanted.measures.map((one) => [one.measure, one.outcome]));
    page.watched.quiet("knowing nothing");
  });
});
