// The browser that is installed on this machine; none is downloaded.
import { execFileSync } from "node:child_process";
import { chromium } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome"];

const ARGUMENTS = [
  "--headless=new",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--hide-scrollbars",
];

/** The path of the browser: `KAPOK_BROWSER`, or the first of the usual names. */
export function findBrowser() {
  if (process.env.KAPOK_BROWSER) return process.env.KAPOK_BROWSER;
  for (const name of NAMES) {
    try {
      return execFileSync("which", [name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      // the next name
    }
  }
  throw new Error(`no browser: install one of ${NAMES.join(", ")} (e2e/install.sh), or set KAPOK_BROWSER to its path`);
}

/** Starts the browser with an empty profile of its own. */
export function launch() {
  return chromium.launch({ executablePath: findBrowser(), args: ARGUMENTS });
}
