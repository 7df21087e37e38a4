// What a file of tests shares: one server, one browser; each test has visitors of its own, whose cookies nobody else sees.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { launch } from "./browser.mjs";
import { watch } from "./checks.mjs";
import { startServer } from "./server.mjs";

/** The window of a phone. */
export const PHONE = { width: 390, height: 844 };
/** The window of an office computer. */
export const DESK = { width: 1280, height: 900 };

/**
 * Starts server and browser before the tests of a file, and stops them after it. When the server stops, it must have stopped
 * by itself and its log must say nothing of what visitors entered (see `secret`).
 */
export function world(name, { serverArgs = [] } = {}) {
  const shared = { secrets: new Set() };
  before(async () => {
    shared.server = await startServer(name, serverArgs);
    shared.browser = await launch();
  });
  after(async () => {
    await shared.browser?.close();
    const stopped = await shared.server?.stop();
    if (!stopped) return;
    assert.equal(stopped.code, 0, `the server ended with ${stopped.code ?? stopped.signal}:\n${stopped.log.slice(-2000)}`);
    const told = [...shared.secrets].filter((secret) => stopped.log.includes(secret));
    assert.deepEqual(told, [], "the server's log tells what visitors entered");
    assert.doesNotMatch(stopped.log, /panicked|ERROR/, "the server's log has errors");
  });
  return {
    get url() {
      return shared.server.url;
    },
    log: () => shared.server.log(),
    /** Notes what must not be in the server's log. */
    secret(...texts) {
      for (const text of texts) shared.secrets.add(text);
    },
    /** A visitor: a browser context with cookies of its own, which ends with the test. */
    async visitor(t, { lang = "zh", theme = "light", window = DESK, js = true, ...more } = {}) {
      const language = lang === "zh" ? "zh-CN" : "en-GB";
      const context = await shared.browser.newContext({
        baseURL: shared.server.url,
        locale: language,
        // requests without a page have no language of their own
        extraHTTPHeaders: { "Accept-Language": language },
        colorScheme: theme,
        viewport: window,
        javaScriptEnabled: js,
        timezoneId: "Asia/Shanghai",
        reducedMotion: "reduce",
        ...more,
      });
      context.setDefaultTimeout(30_000);
      t.after(() => context.close());
      return context;
    },
    /** A page of a visitor that is watched: `page.watched.quiet()` fails when anything went wrong on it. */
    async page(visitor, expected) {
      const page = await visitor.newPage();
      page.watched = watch(page, expected);
      return page;
    },
  };
}
