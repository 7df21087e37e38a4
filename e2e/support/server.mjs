// Starts the built `kapok serve` with a folder of its own, on the day that the demo companies are made for, and stops it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { output, root } from "./paths.mjs";

/** The day that the site takes for today: many calls are open on it. */
export const TODAY = "2026-05-20";

/** The program under test. */
export const KAPOK =
  process.env.KAPOK ?? join(process.env.CARGO_TARGET_DIR ?? join(root, "target"), "debug", "kapok");

const START_SECONDS = 60;

/**
 * Starts a server and waits until it answers. `name` names its log in target/e2e/logs.
 * What comes back has `url`, `data` (its folder), `log()` (what it has said so far), `end()`, which leaves the folder, so that
 * another server can go on with it, and `stop()`, which does not.
 */
export async function startServer(name, more = [], data = mkdtempSync(join(tmpdir(), "kapok-e2e-"))) {
  const args = ["serve", "--listen", "127.0.0.1:0", "--data", data, "--on", TODAY, ...more];
  const child = spawn(KAPOK, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const ended = once(child, "exit").catch((error) => {
    said += `\n${error.message}`;
    return [error.code];
  });
  const address = new Promise((resolve) => {
    const hear = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
      if (found) resolve(found[0]);
    };
    child.stdout.setEncoding("utf8").on("data", hear);
    child.stderr.setEncoding("utf8").on("data", hear);
  });
  const late = new Promise((resolve) => setTimeout(resolve, START_SECONDS * 1000).unref());
  const url = await Promise.race([address, ended.then(() => null), late.then(() => null)]);
  if (url === null) {
    child.kill("SIGKILL");
    throw new Error(`${KAPOK} ${args.join(" ")} did not print an address; it said:\n${said}`);
  }
  const end = async () => {
    child.kill("SIGTERM");
    const [code, signal] = await ended;
    const logs = join(output, "logs");
    mkdirSync(logs, { recursive: true });
    writeFileSync(join(logs, `${name}.log`), said);
    return { code, signal, log: said };
  };
  const stop = async () => {
    const last = await end();
    rmSync(data, { recursive: true, force: true });
    return last;
  };
  return { url, data, log: () => said, end, stop };
}
